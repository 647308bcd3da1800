// Sorting, filtering and opening what a link or a printout needs; the page is complete without it.
(function () {
  "use strict";
  {% include "state.js" %}
  var each = function (nodes, does) { Array.prototype.forEach.call(nodes, does); };
  each(document.querySelectorAll("[data-unscripted]"), function (line) { line.hidden = true; });

  var reveal = function (anchor, scrolls) {
    var target = anchor && document.getElementById(anchor);
    each(document.querySelectorAll(".linked"), function (before) { before.classList.remove("linked"); });
    if (!target) { return; }
    target.classList.add("linked");
    for (var node = target; node; node = node.parentElement) {
      node.hidden = false;
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    if (scrolls) { target.scrollIntoView(); }
  };
  var restore = function () { reveal(readState().anchor, false); };

  var table = document.getElementById("_verdict-table");
  var filters = document.getElementById("_filters");
  if (table && filters) {
    var body = table.tBodies[0], heads = table.tHead.rows[0].cells;
    var rows = Array.prototype.slice.call(body.querySelectorAll("tr[data-verdict]"));
    var articles = Array.prototype.slice.call(document.querySelectorAll("#_claims .claim"));
    var fields = Array.prototype.slice.call(filters.querySelectorAll("select, input"));
    var order = document.getElementById("_filter-sort");
    var shown = document.getElementById("_filter-count");
    var texts = rows.map(function (row) { return fold(row.textContent); });
    var value = function (name) { return filters.elements[name] ? filters.elements[name].value : ""; };
    var values = function () {
      var state = {};
      fields.forEach(function (field) { state[field.name] = field.value; });
      return state;
    };
    var filter = function () {
      var wanted = fold(value("text").trim()), left = {}, number = 0;
      rows.forEach(function (row, place) {
        var keep = (!value("family") || row.dataset.family === value("family")) &&
          (!value("verdict") || row.dataset.verdict === value("verdict")) && (!wanted || texts[place].indexOf(wanted) >= 0);
        row.hidden = !keep;
        if (keep) { left[row.dataset.claim] = true; number += 1; }
      });
      articles.forEach(function (article) { article.hidden = !left[article.id]; });
      each(document.querySelectorAll("#_claims .family"), function (family) {
        family.hidden = !family.querySelector(".claim:not([hidden])");
      });
      each(body.querySelectorAll("tr.unit"), function (head) {
        var next = head.nextElementSibling;
        while (next && next.hidden) { next = next.nextElementSibling; }
        head.hidden = !next || next.classList.contains("unit");
      });
      shown.textContent = number + " of " + rows.length + " shown";
    };

    // An order is a column's number, behind a minus where the largest comes first; blank is the order of registration.
    var keyOf = function (column) {
      var numbers = heads[column].dataset.sort === "number";
      return function (row) {
        var cell = row.cells[column], key = cell.dataset.key === undefined ? cell.textContent.trim() : cell.dataset.key;
        return numbers ? (key === "" ? NaN : Number(key)) : key;
      };
    };
    var sort = function () {
      var chosen = value("sort"), column = Math.abs(Number(chosen)), down = chosen.charAt(0) === "-", sorted = rows.slice();
      each(body.querySelectorAll("tr.unit"), function (head) { head.remove(); });
      each(heads, function (head) { head.removeAttribute("aria-sort"); });
      var units = [];
      if (chosen) {
        var numbers = heads[column].dataset.sort === "number", key = keyOf(column);
        heads[column].setAttribute("aria-sort", down ? "descending" : "ascending");
        if (heads[column].dataset.units !== undefined) {
          // Effects of one unit can be compared; those of two cannot.
          rows.forEach(function (row) { if (units.indexOf(row.dataset.unit) < 0) { units.push(row.dataset.unit); } });
          units.sort(function (x, y) { return (x === "") - (y === "") || 0; });
        }
        sorted.sort(function (a, b) {
          var x = key(a), y = key(b), apart = units.indexOf(a.dataset.unit) - units.indexOf(b.dataset.unit);
          if (units.length && apart) { return apart; }
          // Rows without a number stay at the end in both directions.
          if (numbers && (isNaN(x) || isNaN(y))) { return (isNaN(x) ? 1 : 0) - (isNaN(y) ? 1 : 0); }
          return (down ? -1 : 1) * (numbers ? x - y : x.localeCompare(y));
        });
      }
      var last = null;
      sorted.forEach(function (row) {
        if (units.length > 1 && row.dataset.unit !== last) {
          last = row.dataset.unit;
          var head = document.createElement("tr"), cell = document.createElement("th");
          head.className = "unit";
          cell.colSpan = heads.length;
          cell.scope = "rowgroup";
          cell.textContent = last || "no effect measured";
          body.appendChild(head).appendChild(cell);
        }
        body.appendChild(row);
      });
    };
    var apply = function () { sort(); filter(); };
    restore = function () {
      var state = readState();
      fields.forEach(function (field) { setField(field, state.values[field.name] || ""); });
      apply();
      // Where there is a state the address is no anchor that the browser would go to.
      reveal(state.anchor, location.hash.indexOf("?") >= 0);
      // A link to a filter alone leads to what it filters.
      if (!state.anchor && stateText(values())) { document.getElementById("_verdicts").scrollIntoView(); }
    };

    each(heads, function (head, column) {
      if (!head.dataset.sort) { return; }
      [["", "\u2191"], ["-", "\u2193"]].forEach(function (way) {
        var choice = document.createElement("option");
        choice.value = way[0] + column;
        choice.textContent = head.textContent.trim() + " " + way[1];
        order.appendChild(choice);
      });
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        order.value = order.value === String(column) ? "-" + column : String(column);
        order.dispatchEvent(new Event("input"));
      });
    });
    fields.forEach(function (field) {
      field.addEventListener("input", function () {
        if (field === order) { sort(); }
        filter();
        writeState("", values(), field.type !== "search");
      });
    });
    filters.addEventListener("submit", function (event) { event.preventDefault(); });
    // A link within the page keeps what is filtered.
    document.addEventListener("click", function (event) {
      var link = event.target.closest && event.target.closest('a[href^="#"]');
      if (!link || !stateText(values()) || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
      event.preventDefault();
      var anchor = decodeURIComponent(link.getAttribute("href").slice(1));
      writeState(anchor, values(), true);
      reveal(anchor, true);
    });
    filters.hidden = false;
  }
  window.addEventListener("hashchange", function () { restore(); });
  restore();
  window.addEventListener("beforeprint", function () {
    each(document.querySelectorAll("details"), function (details) { details.open = true; });
  });
}());
