/* Charts to explore: over the years on the compare page, one measure over another at a league table. Vega and the figures come
 when somebody presses Draw, and so does this script, from here and nowhere else; the tables say the same without it. */
function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
function made(tag, text, attributes) {
  var one = document.createElement(tag);
  if (text) one.textContent = text;
  Object.keys(attributes || {}).forEach(function (key) { one.setAttribute(key, attributes[key]); });
  return one;
}
var had = {};
function json(address) {
  had[address] = had[address] || fetch(address).then(function (told) { if (!told.ok) throw new Error(address); return told.json(); });
  return had[address];
}
function tools(box) { return Promise.all([import(new URL(box.dataset.vega, document.baseURI).href), json(box.dataset.charts)]); }
/* One drawing; `pointed` is told the row nearest to the pointer. */
function draw(vega, spec, place, rows, signals, pointed) {
  var copy = JSON.parse(JSON.stringify(spec));
  copy.data.forEach(function (one) { if (one.name === "rows") one.values = rows; });
  var view = new vega.View(vega.parse(copy, null, { ast: true }), { renderer: "svg", expr: vega.expressionInterpreter, container: place, hover: false, logLevel: 0 });
  Object.keys(signals).forEach(function (name) { view.signal(name, signals[name]); });
  view.addDataListener("picked_store", function (name, stored) {
    var picked = stored.length && rows.filter(function (row) { return row.slug === stored[0].values[0] || row.year === stored[0].values[0]; })[0];
    if (picked) pointed(picked);
  });
  return view.runAsync().then(function () {
    all("svg", place).forEach(function (svg) { svg.setAttribute("aria-hidden", "true"); svg.setAttribute("focusable", "false"); });
    return view;
  });
}
function failed(said) { return function () { said.textContent = "The chart could not be loaded. The tables on this page say the same."; }; }
/* Lowest and highest as tables draw them, without what wrong links may add; null where nothing is known. */
function range(row) { return !row || row[0] === null ? null : row.length > 5 ? [row[6], row[7]] : [row[0], row[1]]; }

/* Years of the chosen bodies, one drawing each, on one scale. */
function years_of(box) {
  var said = box.querySelector("[role=status]"), place = box.querySelector(".lp-multiples"), button = box.querySelector("button"), turn = 0;
  function chosen() {
    var asked = new URLSearchParams(location.search);
    function list(key) { return (asked.get(key) || "").split(",").filter(Boolean); }
    var ticks = all("#lp-compare input[name=m]").filter(function (tick) { return list("m").indexOf(tick.value) >= 0; });
    return { bodies: list("b"), ticks: ticks };
  }
  function name(slug) { return document.querySelector("#lp-add option[value='" + CSS.escape(slug) + "']").textContent; }
  function short(year) { return year.slice(2).replace("-", "\u2013"); }
  /* The rows of one body: a run ends where the series breaks, and where a year is not there. */
  function rows_of(slug, years, files) {
    var run = 0;
    return years.map(function (year, at) {
      var row = files[at].bodies[slug], ends = range(row), before = at && range(files[at - 1].bodies[slug]);
      if (!before || (files[at].cut || []).indexOf(slug) >= 0) run += 1;
      return { year: short(year), low: ends && ends[0], high: ends && ends[1], says: row ? row[2] : "no figure", run: run, is_known: Boolean(ends) };
    });
  }
  function one_measure(vega, charts, tick, bodies) {
    var years = tick.dataset.years.split(" ").sort();
    return Promise.all(years.map(function (year) { return json(box.dataset.at + tick.dataset.id + "/" + year + ".json"); })).then(function (files) {
      var title = tick.nextElementSibling.textContent, part = made("section"), grid = made("div", "", { "class": "lp-multiples__in" }), line = made("p", "", { "class": "lp-sub", role: "status" });
      var told = bodies.map(function (slug) { return { slug: slug, rows: rows_of(slug, years, files) }; });
      var most = Math.max.apply(null, [0].concat(told.map(function (one) { return Math.max.apply(null, one.rows.map(function (row) { return row.high || 0; })); })));
      part.append(made("h3", title), grid, line, numbers(title, years, told));
      place.append(part);
      return Promise.all(told.map(function (one) {
        var figure = made("figure"), chart = made("div");
        figure.append(made("figcaption", name(one.slug)), chart);
        grid.append(figure);
        var spec = JSON.parse(JSON.stringify(charts.years));
        spec.scales.forEach(function (scale) { if (scale.name === "y") { scale.domain = tick.dataset.unit === "share" ? [0, 1] : [0, most]; scale.nice = false; } });
        spec.axes.forEach(function (axis) { if (axis.scale === "y" && tick.dataset.unit === "share") axis.format = ".0%"; else if (axis.scale === "y") axis.format = "~s"; });
        return draw(vega, spec, chart, one.rows, { width: Math.max(figure.clientWidth - 70, 120) }, function (row) {
          line.textContent = row.year + ": " + told.map(function (other) {
            return name(other.slug) + " " + other.rows.filter(function (at) { return at.year === row.year; })[0].says;
          }).join("; ") + ".";
        });
      }));
    });
  }
  function numbers(title, years, told) {
    var more = made("details", "", { "class": "lp-more lp-long" }), table = made("table", "", { "class": "lp-t", role: "table" }), body = made("tbody", "", { role: "rowgroup" }), head = made("thead", "", { role: "rowgroup" }), top = made("tr", "", { role: "row" });
    ["Body"].concat(years.map(short)).forEach(function (text, at) { top.append(made("th", text, { role: "columnheader", scope: "col", "class": at ? "n" : "" })); });
    head.append(top);
    told.forEach(function (one) {
      var row = made("tr", "", { role: "row" });
      row.append(made("th", name(one.slug), { role: "rowheader", scope: "row" }));
      one.rows.forEach(function (year) { row.append(made("td", year.says, { role: "cell", "class": "n", "data-l": year.year })); });
      body.append(row);
    });
    table.append(made("caption", title + ", by year", { "class": "lp-hide" }), head, body);
    more.append(made("summary", "Show the numbers"), table);
    return more;
  }
  function show() {
    var now = turn += 1, choice = chosen();
    if (!choice.bodies.length) { place.replaceChildren(); said.textContent = "Choose a body first."; return; }
    said.textContent = "Loading.";
    tools(box).then(function (loaded) {
      if (now !== turn) return null;
      place.replaceChildren();
      return choice.ticks.reduce(function (before, tick) {
        return before.then(function () { return now === turn ? one_measure(loaded[0], loaded[1], tick, choice.bodies) : null; });
      }, Promise.resolve()).then(function () { if (now === turn) said.textContent = "Point at a year to read it of all of them."; });
    }).catch(failed(said));
  }
  button.addEventListener("click", show);
  document.addEventListener("lp-compared", show);
  show();
}

/* The bodies of a league table over what they spent, or over another share. */
function scatter(box) {
  var said = box.querySelector("[role=status]"), place = box.querySelector(".lp-chart"), across = box.querySelector("[name=across]"), mine = box.querySelector("[name=mine]");
  var bodies = all("table[data-sort] tbody tr").filter(function (row) { return row.querySelector("td[data-l=Of]"); }).map(function (row) {
    var link = row.querySelector("th a");
    return { slug: link.getAttribute("href").split("bodies/")[1].split("/")[0], name: link.textContent, href: link.href, base: Number(row.querySelector("td[data-l=Of]").dataset.v) / 100, of: row.querySelector("td[data-l=Of]").textContent };
  });
  var drawn = null, turn = 0;
  function file(measure) { return json(box.dataset.at + measure + "/" + box.dataset.year + ".json").then(function (told) { return told.bodies; }); }
  function show() {
    var now = turn += 1, other = across.value;
    said.textContent = "Loading.";
    Promise.all([tools(box), file(box.dataset.measure), other ? file(other) : null]).then(function (loaded) {
      if (now !== turn) return null;
      var rows = [], vega = loaded[0][0], charts = loaded[0][1];
      bodies.forEach(function (body) {
        var own = range(loaded[1][body.slug]), against = other ? range(loaded[2][body.slug]) : [body.base, body.base];
        if (own && against && (other || body.base > 0)) rows.push({ slug: body.slug, low: own[0], high: own[1], x: against[0], x2: against[1], says: loaded[1][body.slug][2], over: other ? loaded[2][body.slug][2] : body.of, href: body.href, name: body.name });
      });
      place.replaceChildren();
      return draw(vega, other ? charts.shares : charts.pounds, place, rows, { width: Math.min(Math.max(place.clientWidth - 70, 180), 720), mine: mine.value }, function (row) {
        var link = made("a", row.name, { href: row.href });
        said.replaceChildren(link, ": " + row.says + "; across, " + row.over + ".");
      }).then(function (view) {
        drawn = view;
        said.textContent = rows.length + (rows.length === 1 ? " body." : " bodies.") + " Point at a mark to read whose it is.";
      });
    }).catch(failed(said));
  }
  bodies.forEach(function (body) { mine.append(made("option", body.name, { value: body.slug })); });
  json(box.dataset.at + "measures.json").then(function (measures) {
    measures.forEach(function (one) {
      if (one.unit === "share" && one.id !== box.dataset.measure && one.years.indexOf(box.dataset.year) >= 0) across.append(made("option", one.name, { value: one.id }));
    });
    across.disabled = mine.disabled = false;
  }).catch(failed(said));
  across.addEventListener("change", show);
  mine.addEventListener("change", function () { if (drawn) drawn.signal("mine", mine.value).runAsync(); });
  box.querySelector("button").addEventListener("click", show);
  show();
}

export default function (box) { (box.id === "lp-years" ? years_of : scatter)(box); }
