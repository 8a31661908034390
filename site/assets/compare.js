/* The page of free choice: which bodies, measures and year stand in the address; figures come in one small file each. */
(function () {
  "use strict";
  var form = document.getElementById("lp-compare"), place = document.getElementById("lp-compared");
  var said = document.getElementById("lp-compare-said"), doing = document.getElementById("lp-compare-do");
  var done = document.getElementById("lp-compare-done"), picked = document.getElementById("lp-picked");
  var add = document.getElementById("lp-add"), year = document.getElementById("lp-year");
  var ticks = Array.prototype.slice.call(form.querySelectorAll("input[name=m]"));
  var late = document.querySelector(".lp-late");
  var names = {}, files = {}, shown = [], turn = 0;
  var state = { b: [], m: form.dataset.main.split(","), y: year.value };
  Array.prototype.forEach.call(add.options, function (one) { if (one.value) names[one.value] = one.textContent; });

  /* The address, read once; what it names and we do not have is said, and left out. */
  function read() {
    var asked = new URLSearchParams(location.search), lost = [];
    function keep(values, known) { return values.filter(function (one, at) { if (!known(one)) lost.push(one); return known(one) && values.indexOf(one) === at; }); }
    function list(key) { return (asked.get(key) || "").split(",").filter(Boolean); }
    state.b = keep(list("b"), function (slug) { return names[slug]; });
    var wanted = keep(list("m"), function (id) { return ticks.some(function (tick) { return tick.value === id; }); });
    if (wanted.length) state.m = wanted;
    var years = Array.prototype.map.call(year.options, function (one) { return one.value; });
    if (asked.get("y")) { if (years.indexOf(asked.get("y")) >= 0) state.y = asked.get("y"); else lost.push(asked.get("y")); }
    return lost;
  }
  function write() {
    history.replaceState(null, "", state.b.length ? "?b=" + state.b.join(",") + "&m=" + state.m.join(",") + "&y=" + state.y : location.pathname);
  }

  function made(tag, text, attributes) {
    var one = document.createElement(tag);
    if (text) one.textContent = text;
    Object.keys(attributes || {}).forEach(function (key) { one.setAttribute(key, attributes[key]); });
    return one;
  }
  function drawn(tag, attributes) {
    var one = document.createElementNS("http://www.w3.org/2000/svg", tag);
    Object.keys(attributes).forEach(function (key) { one.setAttribute(key, attributes[key]); });
    return one;
  }
  function percent(part) { return Math.round(part * 10000) / 100 + "%"; }
  /* As bars.table_bar and bars.size_bar draw it. */
  function bar(low, high, most) {
    var svg = drawn("svg", { "class": "lp-tbar", width: "100%", height: 15, "aria-hidden": "true" });
    function rect(from, to, css, fill) {
      if (to > from) svg.append(drawn("rect", Object.assign({ "class": css, x: percent(from), y: 0, width: percent(to - from), height: 15 }, fill ? { fill: fill } : {})));
    }
    if (low === null) svg.append(drawn("rect", { "class": "lp-none", x: "0.5", y: "0.5", width: "99%", height: 14 }));
    else if (most !== null) rect(0, Math.max(0, Math.min(1, high / most)), "f-peer");
    else {
      rect(0, low, "f-stay");
      rect(low, high, "f-paper");
      rect(low, high, "f-hatch", "url(#lp-hatch)");
      rect(high, 1, "f-away");
      [low, high].forEach(function (edge) { if (edge > 0 && edge < 1) svg.append(drawn("line", { "class": "s-paper", x1: percent(edge), x2: percent(edge), y1: 0, y2: 15 })); });
    }
    return svg;
  }
  /* One rule, as model.figures.may_say has it: ranges that meet cannot be told apart. */
  function verdict(own, other, unit) {
    if (!own || !other || own[0] === null || other[0] === null) return "not known";
    if (unit === "pounds" && Math.min(own[4], other[4]) < 12) return "not compared";
    return other[0] > own[1] ? "higher" : other[1] < own[0] ? "lower" : "cannot tell apart";
  }

  function table(tick, told) {
    var unit = tick.dataset.unit, rows = told ? told.bodies : {}, own = rows[state.b[0]];
    var most = unit === "share" ? null : Math.max.apply(null, [0].concat(state.b.map(function (slug) { return rows[slug] && rows[slug][1] || 0; })));
    var part = made("section"), heading = made("h2", "", { "class": "lp-beside" }), whole = made("table", "", { "class": "lp-t lp-t--beside", role: "table" });
    var caption = made("caption", year.selectedOptions[0].textContent + ". The last column sets each beside " + names[state.b[0]] + ".");
    heading.append(made("a", tick.nextElementSibling.textContent, { href: place.dataset.methods + tick.dataset.id + "/" }));
    var head = made("thead", "", { role: "rowgroup" }), top = made("tr", "", { role: "row" }), body = made("tbody", "", { role: "rowgroup" });
    [["Body", ""], [unit === "share" ? "In, not known, out" : "Beside the largest", "lp-w"], ["Lowest to highest", "n"], ["Beside the first", ""]].forEach(function (one) {
      top.append(made("th", one[0], Object.assign({ role: "columnheader", scope: "col" }, one[1] ? { "class": one[1] } : {})));
    });
    state.b.forEach(function (slug, at) {
      var row = rows[slug], line = made("tr", "", Object.assign({ role: "row" }, at ? {} : { "class": "lp-own" })), name = made("th", "", { role: "rowheader", scope: "row" });
      name.append(made("a", names[slug], { href: place.dataset.bodies + slug + "/" }));
      var says = row ? row[2] : "no figure for this year", known = row && row[0] !== null;
      var drawing = made("td", "", { role: "cell", "class": "lp-b" }), range = made("td", "", { role: "cell", "class": "n v", "data-l": "Range" }), beside = made("td", "", { role: "cell" });
      drawing.append(bar(known ? row.length > 5 ? row[6] : row[0] : null, known ? row.length > 5 ? row[7] : row[1] : null, most));
      range.append(known ? says : made("span", says, { "class": "lp-unk" }));
      var judged = at ? verdict(own, row, unit) : "";
      if (known && row[5]) range.append(made("small", row[5]));
      if (judged) beside.append(judged === "higher" || judged === "lower" ? judged : made("span", judged, { "class": "lp-unk" }));
      if (row && row[4] < 12) beside.append(" ", made("small", row[4] + " of 12 months"));
      line.append(name, drawing, range, beside);
      body.append(line);
      shown.push([tick.dataset.id, state.y, slug, names[slug], known ? row[0] : "", known ? row[1] : "", says, judged, row ? row[3] : ""]);
    });
    head.append(top);
    whole.append(caption, head, body);
    part.append(heading, whole);
    return part;
  }
  function file(id) {
    var path = place.dataset.at + id + "/" + state.y + ".json";
    if (!files[path]) files[path] = fetch(path).then(function (told) { return told.json(); });
    return files[path];
  }
  function show(note) {
    var now = turn += 1;
    picked.replaceChildren.apply(picked, state.b.map(function (slug, at) {
      var item = made("li"), button = made("button", names[slug] + " ", { type: "button", "class": "lp-chip", "data-slug": slug, "aria-label": "Take out " + names[slug] });
      if (!at) button.setAttribute("aria-current", "true");
      button.append(drawn("svg", { width: 9, height: 9, viewBox: "0 0 9 9", "aria-hidden": "true" }));
      button.lastChild.append(drawn("path", { "class": "lp-cross", d: "M1 1 8 8M8 1 1 8" }));
      item.append(button);
      return item;
    }));
    ticks.forEach(function (tick) { tick.checked = state.m.indexOf(tick.value) >= 0; });
    year.value = state.y;
    write();
    var chosen = ticks.filter(function (tick) { return tick.checked; });
    chosen.sort(function (a, b) { return state.m.indexOf(a.value) - state.m.indexOf(b.value); });
    doing.hidden = !state.b.length;
    Promise.all(chosen.map(function (tick) { return state.b.length && tick.dataset.years.split(" ").indexOf(state.y) >= 0 ? file(tick.dataset.id) : null; })).then(function (told) {
      if (now !== turn) return;
      shown = [];
      place.replaceChildren.apply(place, state.b.length ? chosen.map(function (tick, at) { return table(tick, told[at]); }) : []);
      document.dispatchEvent(new Event("lp-compared"));
      said.textContent = note || (!state.b.length ? "Choose the bodies to set beside each other." : state.b.length < 2 ? "Add a second body to compare with." : state.b.length + " bodies, " + chosen.length + (chosen.length === 1 ? " measure, " : " measures, ") + year.selectedOptions[0].textContent + ".");
    }).catch(function () { said.textContent = "The figures could not be loaded. Every body’s own page has them."; }).then(function () { late.classList.remove("lp-late"); });
  }

  picked.addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) return;
    state.b = state.b.filter(function (slug) { return slug !== button.dataset.slug; });
    show();
    (picked.querySelector("button") || add).focus();
  });
  add.addEventListener("change", function () {
    if (add.value && state.b.indexOf(add.value) < 0) state.b.push(add.value);
    add.value = "";
    show();
  });
  year.addEventListener("change", function () { state.y = year.value; show(); });
  ticks.forEach(function (tick) {
    tick.addEventListener("change", function () {
      state.m = state.m.filter(function (id) { return id !== tick.value; }).concat(tick.checked ? [tick.value] : []);
      show();
    });
  });
  doing.addEventListener("click", function (event) {
    var what = event.target.dataset.do;
    if (what === "print") print();
    if (what === "link") navigator.clipboard.writeText(location.href).then(function () { done.textContent = "Copied."; }, function () { done.textContent = "Not copied: the address above holds your choice."; });
    if (what === "csv") {
      var cell = function (value) { return /[",\n]/.test(value) ? '"' + String(value).replace(/"/g, '""') + '"' : value; };
      var lines = [["measure", "period", "publisher", "name", "low", "high", "says", "beside", "figure_id"]].concat(shown);
      var link = made("a", "", { download: "compare.csv", href: URL.createObjectURL(new Blob([lines.map(function (line) { return line.map(cell).join(","); }).join("\r\n") + "\r\n"], { type: "text/csv" })) });
      link.click();
      URL.revokeObjectURL(link.href);
    }
  });
  var lost = read();
  form.hidden = false;
  show(lost.length ? "Not known here, and left out: " + lost.join(", ") + "." : "");
})();
