/* Search reads its index in a worker, which browsers do not start for a page that lies on disk (file:). There this
   stands in for it: a hidden frame that runs the same script, with the parts of a worker that search uses. */
(function () {
  "use strict";
  if (location.protocol !== "file:") { return; }
  window.Worker = class extends EventTarget {
    constructor(address) {
      super();
      this.waiting = [];
      this.frame = document.createElement("iframe");
      this.frame.hidden = true;
      document.body.appendChild(this.frame);
      var inside = this.frame.contentWindow, self = this;
      inside.document.open();
      inside.document.write("<!doctype html><title>search</title><body></body>");
      inside.document.close();
      inside.postMessage = function (data) { self.dispatchEvent(new MessageEvent("message", { data: data })); };
      inside.importScripts = function () {
        return Array.from(arguments).reduce(function (before, script) {
          return before.then(function () { return self.load(script); });
        }, Promise.resolve());
      };
      this.load(address).then(function () {
        self.ready = true;
        self.waiting.splice(0).forEach(function (data) { self.postMessage(data); });
      });
    }
    load(address) {
      var script = this.frame.contentDocument.createElement("script");
      script.src = address;
      this.frame.contentDocument.body.appendChild(script);
      return new Promise(function (resolve, reject) { script.onload = resolve; script.onerror = reject; });
    }
    postMessage(data) {
      if (!this.ready) { this.waiting.push(data); return; }
      this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data: data }));
    }
    terminate() { this.frame.remove(); }
  };
})();
