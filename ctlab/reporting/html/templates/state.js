// What filters and order show, in the address behind the mark: #ANCHOR?name=value, which reload, back and a sent link
  // restore. A blank value is left out.
  function readState() {
    var hash = location.hash.slice(1), cut = hash.indexOf("?"), values = {};
    new URLSearchParams(cut < 0 ? "" : hash.slice(cut + 1)).forEach(function (value, name) { values[name] = value; });
    var anchor = cut < 0 ? hash : hash.slice(0, cut);
    try { anchor = decodeURIComponent(anchor); } catch (error) { anchor = ""; }
    return { anchor: anchor, values: values };
  }
  function stateText(values) {
    var kept = new URLSearchParams();
    Object.keys(values).forEach(function (name) { if (values[name]) { kept.set(name, values[name]); } });
    return kept.toString();
  }
  // `push` makes a step that "back" undoes; without it the address alone changes. Neither scrolls.
  function writeState(anchor, values, push) {
    var text = stateText(values), hash = encodeURIComponent(anchor) + (text ? "?" + text : "");
    if (hash === location.hash.slice(1)) { return; }
    history[push ? "pushState" : "replaceState"](null, "", "#" + hash);
  }
  // A value that a menu does not have is none.
  function setField(field, value) {
    field.value = value;
    if (field.tagName === "SELECT" && field.selectedIndex < 0) { field.value = ""; }
  }
  // The page writes a minus as U+2212 and blanks that do not break; what is typed is found all the same.
  function fold(text) {
    return text.toLowerCase().replace(/[\u2212\u2013\u2010\u2011]/g, "-").replace(/[\u00a0\u202f\u2009]/g, " ").replace(/\u2019/g, "'");
  }
