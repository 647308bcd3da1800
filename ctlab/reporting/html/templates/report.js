// Sorting, filtering and opening what a link or a printout needs; the page is complete without it.
(function () {
  "use strict";
  var table = document.getElementById("_verdict-table");
  var filters = document.getElementById("_filters");
  if (table && filters) {
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.querySelectorAll("tr[data-verdict]"));
    var family = document.getElementById("_filter-family");
    var verdict = document.getElementById("_filter-verdict");
    var text = document.getElementById("_filter-text");
    var shown = document.getElementById("_filter-count");
    var filter = function () {
      var wanted = text.value.trim().toLowerCase(), left = 0;
      rows.forEach(function (row) {
        var keep = (!family.value || row.dataset.family === family.value) &&
          (!verdict.value || row.dataset.verdict === verdict.value) &&
          (!wanted || row.textContent.toLowerCase().indexOf(wanted) >= 0);
        row.hidden = !keep;
        left += keep ? 1 : 0;
      });
      shown.textContent = left + " of " + rows.length + " shown";
    };
    [family, verdict, text].forEach(function (input) { input.addEventListener("input", filter); });
    filters.addEventListener("submit", function (event) { event.preventDefault(); });
    filters.hidden = false;
    filter();

    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (head, column) {
      var kind = head.dataset.sort;
      if (!kind) { return; }
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        Array.prototype.forEach.call(table.tHead.rows[0].cells, function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var key = function (row) {
          var cell = row.cells[column], value = cell.dataset.key === undefined ? cell.textContent.trim() : cell.dataset.key;
          return kind === "number" ? (value === "" ? NaN : Number(value)) : value;
        };
        rows.slice().sort(function (a, b) {
          var x = key(a), y = key(b);
          if (kind === "number") {
            // Rows without a number stay at the end in both directions.
            if (isNaN(x) || isNaN(y)) { return (isNaN(x) ? 1 : 0) - (isNaN(y) ? 1 : 0); }
            return down ? y - x : x - y;
          }
          return (down ? -1 : 1) * x.localeCompare(y);
        }).forEach(function (row) { body.appendChild(row); });
      });
    });
  }
  var reveal = function () {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
  };
  window.addEventListener("hashchange", reveal);
  reveal();
  window.addEventListener("beforeprint", function () {
    Array.prototype.forEach.call(document.querySelectorAll("details"), function (details) { details.open = true; });
  });
}());
