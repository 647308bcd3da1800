// Problems x conditions: what matches the filters is found in memory, and rows are made when they are looked at.
(function () {
  "use strict";
  var PAGE = 40;
  {% include "state.js" %}
  var data = JSON.parse(document.getElementById("_data").textContent);
  var form = document.getElementById("_filters"), list = document.getElementById("_list");
  var more = document.getElementById("_more"), count = document.getElementById("_count");
  var printed = document.getElementById("_printed");
  var fields = Array.prototype.slice.call(form.querySelectorAll("select, input"));
  var conditions = data.conditions.length;
  var all = 0, found = [], open = "";
  data.problems.forEach(function (problem) {
    problem.hay = fold([problem.id, problem.question, problem.solution, problem.gold].join("\n"));
    problem.hays = problem.answers.map(function (answer) { return fold((answer[0] || "") + "\n" + (answer[1] || "")); });
    problem.given.forEach(function (place) { all += place === null ? 0 : 1; });
  });

  function element(name, text, kind) {
    var made = document.createElement(name);
    if (text !== undefined && text !== null) { made.textContent = text; }
    if (kind) { made.className = kind; }
    return made;
  }
  function value(name) { return form.elements[name] ? form.elements[name].value : ""; }
  function right(answer) { return answer[2] === data.right; }
  function changeOf(problem, condition) {
    var before = data.baseline < 0 ? null : problem.given[data.baseline], after = problem.given[condition];
    if (before === null || after === null || condition === data.baseline) { return ""; }
    var was = right(problem.answers[before]), is = right(problem.answers[after]);
    return was === is ? "unchanged" : was ? "broken" : "fixed";
  }

  // Says which answers match: of each problem the places of conditions.
  function find() {
    var condition = value("condition") ? data.conditions.indexOf(value("condition")) : -1;
    var label = value("outcome"), own = label.indexOf("own ") === 0 ? data.own.indexOf(label.slice(4)) : -1;
    var chosen = form.elements.outcome.selectedIndex - 1;
    var change = value("change"), wanted = fold(value("text").trim());
    var stratum = value("stratum"), cut = stratum.lastIndexOf(" "), level = Number(stratum.slice(cut + 1));
    var feature = stratum ? data.strata.findIndex(function (each) { return each.name === stratum.slice(0, cut); }) : -1;
    var first = condition < 0 ? 0 : condition, last = condition < 0 ? conditions : condition + 1;
    var answers = 0, matches = [];
    data.problems.forEach(function (problem, place) {
      if (feature >= 0 && problem.strata[feature] !== level) { return; }
      var asked = !wanted || problem.hay.indexOf(wanted) >= 0;
      var fits = problem.answers.map(function (answer, which) {
        return (!label || (own >= 0 ? answer[4].indexOf(own) >= 0 : answer[2] === chosen)) &&
          (asked || problem.hays[which].indexOf(wanted) >= 0);
      });
      var under = [];
      for (var k = first; k < last; k += 1) {
        if (problem.given[k] !== null && fits[problem.given[k]] && (!change || changeOf(problem, k) === change)) { under.push(k); }
      }
      answers += under.length;
      if (under.length) { matches.push({ problem: problem, place: place, under: under }); }
    });
    if (value("order") === "most") {
      matches.sort(function (a, b) { return b.under.length - a.under.length || a.place - b.place; });
    }
    found = matches;
    count.textContent = number(found.length) + " of " + number(data.problems.length) + " problems, " +
      number(answers) + " of " + number(all) + " answers match";
  }
  function number(n) { return String(n).replace(/\B(?=(\d{3})+$)/g, ","); }

  function clipped(text) { return text.length > 180 ? text.slice(0, 179) + "\u2026" : text; }
  function row(match) {
    var problem = match.problem, made = element("details", null, "problem");
    made.id = "problem_" + problem.id;
    var head = element("summary");
    var question = element("bdi", clipped(problem.question), "clipped");
    var counts = { broken: 0, fixed: 0 };
    problem.given.forEach(function (place, k) { var change = changeOf(problem, k); if (change in counts) { counts[change] += 1; } });
    var facts = element("span", null, "sub");
    facts.appendChild(element("bdi", "gold " + clipped(problem.gold)));
    facts.appendChild(document.createTextNode(" \u00b7 " + number(match.under.length) + " of " + number(conditions) + " conditions match"));
    if (data.baseline >= 0 && problem.given[data.baseline] !== null) {
      facts.appendChild(document.createTextNode(" \u00b7 baseline " + (right(problem.answers[problem.given[data.baseline]]) ? "correct" : "wrong")));
      if (counts.broken) { facts.appendChild(document.createTextNode(" \u00b7 ")); facts.appendChild(element("span", "broken under " + counts.broken, "broken")); }
      if (counts.fixed) { facts.appendChild(document.createTextNode(" \u00b7 ")); facts.appendChild(element("span", "fixed under " + counts.fixed, "fixed")); }
    }
    head.appendChild(question);
    head.appendChild(facts);
    made.appendChild(head);
    made.addEventListener("toggle", function () {
      if (made.open && made.childNodes.length === 1) { made.appendChild(inside(match)); }
      if (made.open && open !== problem.id) { open = problem.id; write(true); }
      if (!made.open && open === problem.id) { open = ""; write(true); }
    });
    return made;
  }
  function inside(match) {
    var problem = match.problem, made = element("div", null, "opened");
    [["Question", problem.question], ["Solution", problem.solution], ["Reference answer", problem.gold]].forEach(function (part) {
      if (!part[1]) { return; }
      made.appendChild(element("h2", part[0]));
      var block = element("p", null, "whole");
      block.appendChild(element("bdi", part[1]));
      made.appendChild(block);
    });
    made.appendChild(element("h2", "Features"));
    made.appendChild(element("p", problem.features.map(function (pair) { return pair[0] + ": " + pair[1]; }).join("; ") || "none", "sub"));
    made.appendChild(element("h2", "Answers"));
    made.appendChild(given(match));
    var id = element("p", "Problem ", "sub");
    id.appendChild(element("code", problem.id));
    made.appendChild(id);
    return made;
  }
  // A line for each distinct answer, with the conditions that gave it; those that match the filters are marked.
  function given(match) {
    var problem = match.problem, table = element("table", null, "given"), heads = element("tr");
    table.appendChild(element("caption", "Each different answer once; conditions that match the filters are marked", "vh"));
    ["Answer", "Read as", "Outcome", "Explained by", "Under"].forEach(function (text) {
      var head = element("th", text);
      head.scope = "col";
      heads.appendChild(head);
    });
    table.appendChild(element("thead")).appendChild(heads);
    var body = table.appendChild(element("tbody"));
    problem.answers.forEach(function (answer, place) {
      var line = element("tr"), said = element("td", null, "said"), ways = element("td"), names = element("td", null, "names");
      said.appendChild(element("bdi", answer[0] || "(nothing)"));
      line.appendChild(said);
      line.appendChild(element("td")).appendChild(element("bdi", answer[1] === null ? "\u2013" : answer[1]));
      var words = [data.outcomes[answer[2]]].concat(answer[4].map(function (own) { return data.own[own]; }));
      var label = element("td", words.join(", ")), change = "";
      problem.given.forEach(function (which, k) { if (which === place) { change = change || changeOf(problem, k); } });
      if (change && change !== "unchanged") { label.appendChild(document.createTextNode(" \u00b7 ")); label.appendChild(element("b", change, change)); }
      line.appendChild(label);
      if (answer[3].length) {
        var reasons = ways.appendChild(element("ul"));
        answer[3].forEach(function (way) { reasons.appendChild(element("li")).appendChild(element("bdi", way[0] + ": " + way[1])); });
      } else { ways.textContent = "\u2013"; }
      line.appendChild(ways);
      problem.given.forEach(function (which, k) {
        if (which !== place) { return; }
        var name = element(match.under.indexOf(k) >= 0 ? "mark" : "span");
        name.appendChild(element("code", data.conditions[k]));
        names.appendChild(name);
        names.appendChild(document.createTextNode(" "));
      });
      line.appendChild(names);
      Array.prototype.forEach.call(line.cells, function (cell, column) { cell.dataset.label = heads.cells[column].textContent; });
      body.appendChild(line);
    });
    return table;
  }

  function show(from) {
    var some = document.createDocumentFragment();
    found.slice(from, from + PAGE).forEach(function (match) { some.appendChild(row(match)); });
    if (!from) { list.textContent = ""; }
    list.appendChild(some);
    more.hidden = from + PAGE >= found.length;
    tell();
    more.textContent = "Show " + Math.min(PAGE, found.length - from - PAGE) + " more of " + number(found.length);
  }
  // Paper has neither the form nor the button: it says how many of how many problems it holds, and what was filtered.
  function tell() {
    var shown = list.querySelectorAll(".problem:not([data-unmatched])").length, chosen = [];
    fields.forEach(function (field) {
      if (!field.value) { return; }
      var text = field.tagName === "SELECT" ? field.options[field.selectedIndex].textContent : "\u201c" + field.value + "\u201d";
      chosen.push(field.parentNode.firstChild.textContent.trim() + ": " + text);
    });
    var some = found.length < data.problems.length;
    printed.textContent = number(shown) + " of " + number(found.length) + (some ? " matching" : "") + (found.length === 1 ? " problem" : " problems") +
      (some ? " (" + number(data.problems.length) + " in all)" : "") +
      (shown < found.length ? "; \u201cShow more\u201d on the page adds to them" : "") + ". " +
      (chosen.length ? "Filter: " + chosen.join("; ") + "." : "No filter.");
  }
  function apply() { find(); show(0); }
  function write(push) {
    var state = {};
    fields.forEach(function (field) { state[field.name] = field.value; });
    state.problem = open;
    writeState("", state, push);
  }
  // A problem that a link opens stands first where the filters would leave it out or pages down.
  function read() {
    var state = readState().values;
    fields.forEach(function (field) { setField(field, state[field.name] || ""); });
    open = state.problem || "";
    apply();
    // A reload would scroll to where the problem stood before.
    history.scrollRestoration = open ? "manual" : "auto";
    var linked = open && data.problems.filter(function (problem) { return problem.id === open; })[0];
    if (!linked) { return; }
    var there = document.getElementById("problem_" + open);
    if (!there) {
      var match = found.filter(function (each) { return each.problem === linked; })[0];
      there = row(match || { problem: linked, under: [] });
      if (!match) { there.dataset.unmatched = ""; }
      list.insertBefore(there, list.firstChild);
      tell();
    }
    there.open = true;
    there.scrollIntoView();
    // Rows below the window get their height with the first frame that is drawn after the page has loaded; until then the
    // page is too short to scroll to where the problem will stand.
    if (document.readyState !== "complete") {
      window.addEventListener("load", function () {
        requestAnimationFrame(function () { requestAnimationFrame(function () { there.scrollIntoView(); }); });
      }, { once: true });
    }
  }
  fields.forEach(function (field) {
    field.addEventListener("input", function () { open = ""; apply(); write(field.name !== "text"); });
  });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  document.getElementById("_clear").addEventListener("click", function () {
    fields.forEach(function (field) { setField(field, ""); });
    open = "";
    apply();
    write(true);
    form.elements.text.focus();
  });
  more.addEventListener("click", function () {
    var from = list.childNodes.length;
    show(list.querySelectorAll(".problem").length);
    if (list.childNodes[from]) { list.childNodes[from].firstChild.focus(); }
  });
  window.addEventListener("hashchange", read);
  form.hidden = false;
  Array.prototype.forEach.call(document.querySelectorAll("[data-unscripted]"), function (line) { line.hidden = true; });
  read();
}());
