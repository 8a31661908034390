/* The query page: the engine and the files come when somebody presses Run, from here and nowhere else. */
(function () {
  "use strict";
  var place = document.getElementById("lp-query"), box = document.getElementById("lp-sql"), said = document.getElementById("lp-query-said");
  var out = document.getElementById("lp-rows"), take = document.getElementById("lp-take"), run = document.getElementById("lp-run");
  var tables = Array.prototype.slice.call(document.querySelectorAll("[data-table]")), starting = null, known = {}, rows = [], heads = [], MOST = 200;

  function at(path) { return new URL(path, location.href).href; }
  function start() {
    if (!starting) starting = import(at(place.dataset.engine)).then(function (engine) {
      var database = new engine.AsyncDuckDB(new engine.VoidLogger(), new Worker(at(place.dataset.worker)));
      return database.instantiate(at(place.dataset.wasm)).then(function () { return database.connect(); }).then(function (line) { return { engine: engine, database: database, line: line }; });
    });
    return starting;
  }
  /* Only files that the question names are asked for, and of these only the parts that it needs, where the host can do so. */
  function open(on, sql) {
    return tables.reduce(function (before, row) {
      var name = row.dataset.table;
      if (known[name] || !new RegExp("\\b" + name + "\\b", "i").test(sql)) return before;
      known[name] = true;
      return before.then(function () { return on.database.registerFileURL(name + ".parquet", at(row.dataset.file), on.engine.DuckDBDataProtocol.HTTP, false); })
        .then(function () { return on.line.query("CREATE VIEW " + name + " AS SELECT * FROM '" + name + ".parquet'"); });
    }, Promise.resolve());
  }
  function made(tag, text, attributes) {
    var one = document.createElement(tag);
    if (text !== undefined) one.textContent = text;
    Object.keys(attributes || {}).forEach(function (key) { one.setAttribute(key, attributes[key]); });
    return one;
  }
  function show() {
    var table = made("table", undefined, { "class": "lp-t lp-t--rows", role: "table" }), head = made("thead", undefined, { role: "rowgroup" }), top = made("tr", undefined, { role: "row" }), body = made("tbody", undefined, { role: "rowgroup" });
    table.append(made("caption", "The answer", { "class": "lp-hide" }));
    heads.forEach(function (name) { top.append(made("th", name, { role: "columnheader", scope: "col" })); });
    rows.slice(0, MOST).forEach(function (row) {
      var line = made("tr", undefined, { role: "row" });
      row.forEach(function (value, column) {
        var number = value !== null && /^-?\d+(\.\d+)?$/.test(value);
        line.append(made("td", value === null ? "" : value, { role: "cell", "data-l": heads[column], "class": number ? "n" : "" }));
      });
      body.append(line);
    });
    head.append(top);
    table.append(head, body);
    out.replaceChildren(table);
    take.hidden = !rows.length;
  }
  function ask() {
    var sql = box.value.trim().replace(/;\s*$/, "");
    if (!sql) { said.textContent = "Write a question, or choose one."; return; }
    history.replaceState(null, "", "?q=" + encodeURIComponent(sql));
    said.textContent = starting ? "Working." : "Loading the engine, once.";
    run.disabled = true;
    start().then(function (on) {
      return open(on, sql).then(function () { return on.line.query("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (" + sql + "\n)"); }).then(function (told) {
        var names = told.schema.fields.map(function (field) { return field.name; });
        rows = told.toArray().map(function (row) { var values = row.toJSON ? row.toJSON() : row; return names.map(function (name) { return values[name]; }); });
        heads = names.map(function (name) { return name.replace(/^CAST\((?:\w+\.)*"?(.*?)"? AS VARCHAR\)$/, "$1"); });
        show();
        said.textContent = rows.length + (rows.length === 1 ? " row." : " rows.") + (rows.length > MOST ? " The first " + MOST + " are shown; the CSV has all." : "");
      });
    }).catch(function (error) {
      rows = [];
      out.replaceChildren();
      take.hidden = true;
      said.textContent = "That did not work: " + String(error.message || error).split("\n")[0];
    }).then(function () { run.disabled = false; });
  }
  document.getElementById("lp-ready").addEventListener("click", function (event) {
    var link = event.target.closest("[data-sql]");
    if (!link) return;
    box.value = link.dataset.sql;
    box.focus();
  });
  run.addEventListener("click", ask);
  box.addEventListener("keydown", function (event) { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) ask(); });
  take.addEventListener("click", function () {
    function cell(value) { return value === null ? "" : /[",\r\n]/.test(value) ? '"' + value.replace(/"/g, '""') + '"' : value; }
    var text = [heads].concat(rows).map(function (row) { return row.map(cell).join(","); }).join("\r\n") + "\r\n";
    var link = made("a", "", { download: "answer.csv", href: URL.createObjectURL(new Blob([text], { type: "text/csv" })) });
    link.click();
    URL.revokeObjectURL(link.href);
  });
  var asked = new URLSearchParams(location.search), payment = asked.get("payment");
  if (payment && /^[0-9a-f]{16}$/.test(payment)) box.value = "SELECT * FROM payments WHERE payment_id = '" + payment + "'";
  if (asked.get("q")) box.value = asked.get("q");
  place.hidden = false;
})();
