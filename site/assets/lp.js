/* Comfort only: every page says everything without it. Theme button, sorting, filters, boxes that lead to the finder, open details. */
(function () {
  "use strict";
  var root = document.documentElement;
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  /* Theme: one key in local storage, nothing else. */
  all(".lp-theme").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try { localStorage.setItem("lp-theme", root.dataset.theme); } catch (refused) { /* not kept, still changed */ }
    });
  });

  /* Sorting: a button in each head cell; what is not known stays last in either direction. */
  function value(row, column) {
    var cell = row.children[column];
    return cell ? (cell.dataset.v === undefined ? cell.textContent.trim() : cell.dataset.v) : "";
  }
  function compare(a, b, down) {
    if (a === "" || b === "") return a === b ? 0 : a === "" ? 1 : -1;
    var x = Number(a), y = Number(b);
    var order = isNaN(x) || isNaN(y) ? a.localeCompare(b, "en-GB") : x - y;
    return down ? -order : order;
  }
  all("table[data-sort]").forEach(function (table) {
    var heads = all("thead th", table);
    var live = document.createElement("p");
    live.className = "lp-hide";
    live.setAttribute("role", "status");
    table.parentNode.insertBefore(live, table.nextSibling);
    heads.forEach(function (head, column) {
      if (head.dataset.nosort !== undefined) return;
      var name = head.textContent.trim();
      var button = document.createElement("button");
      button.type = "button";
      button.append.apply(button, Array.prototype.slice.call(head.childNodes));
      head.append(button);
      button.addEventListener("click", function () {
        var first = head.dataset.first || "ascending";
        var was = head.getAttribute("aria-sort");
        var now = !was ? first : was === "ascending" ? "descending" : "ascending";
        heads.forEach(function (other) { other.removeAttribute("aria-sort"); });
        head.setAttribute("aria-sort", now);
        all("tr.lp-group", table).forEach(function (row) { row.hidden = true; });
        var body = table.tBodies[0];
        var rows = all("tbody tr:not(.lp-group)", table);
        rows.sort(function (a, b) { return compare(value(a, column), value(b, column), now === "descending"); });
        rows.forEach(function (row) { body.appendChild(row); });
        live.textContent = "Sorted by " + name + ", " + now + ".";
      });
    });
  });

  /* Filter by kind: chips are links to the sections, and filters where scripts run. */
  all("[data-chips]").forEach(function (chips) {
    var table = document.getElementById(chips.dataset.chips);
    var links = all("a", chips);
    links.forEach(function (link) {
      link.addEventListener("click", function (event) {
        event.preventDefault();
        var kind = link.dataset.k;
        links.forEach(function (other) { other.removeAttribute("aria-current"); });
        link.setAttribute("aria-current", "true");
        var shown = 0;
        all("tbody tr", table).forEach(function (row) {
          row.hidden = kind !== "" && row.dataset.k !== kind;
          if (!row.hidden && !row.classList.contains("lp-group")) shown += 1;
        });
        if (table.querySelector("[aria-sort]")) all("tr.lp-group", table).forEach(function (row) { row.hidden = true; });
        chips.nextElementSibling.textContent = "Showing " + shown + ".";
      });
    });
  });

  /* A postcode as outward part and digit of its sector, which are all that is ever looked at; null for another text. */
  function postcode(text) {
    var said = /^\s*([a-z]{1,2}\d[a-z\d]?)\s*(\d)[a-z]{2}\s*$/i.exec(text) || /^\s*([a-z]{1,2}\d[a-z\d]?)(?:\s+(?:(\d)[a-z]?)?)?\s*$/i.exec(text);
    return said && [said[1].toUpperCase(), said[2] || ""];
  }
  /* What is asked for stands behind a # in the address: no server is told, and a postcode is cut to its sector. */
  function asked(text) { return "#q=" + encodeURIComponent((postcode(text) || [text]).join(" ").trim()); }
  window.lpPostcode = postcode;
  all("form[data-find]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var box = form.querySelector("input");
      event.preventDefault();
      if (box.dataset.finder || box.dataset.suppliers) history.replaceState(null, "", asked(box.value));
      else location.href = form.action + asked(box.value);
    });
  });

  /* Charts to explore: their script comes with the first press. */
  all("[data-draw]").forEach(function (box) {
    var button = box.querySelector("button");
    box.hidden = false;
    button.addEventListener("click", function () {
      import(new URL(box.dataset.draw, document.baseURI).href).then(function (script) { script.default(box); });
    }, { once: true });
  });

  /* A map: what a hexagon stands for is said in a line below it, never under the thumb. The table holds the same. */
  all(".lp-map").forEach(function (map) {
    var live = document.getElementById("lp-map-said");
    map.addEventListener("click", function (event) {
      var hex = event.target.closest("[data-b]"), row = hex && document.getElementById("b-" + hex.dataset.b);
      if (!row) return;
      all(".lp-picked", map).forEach(function (other) { other.classList.remove("lp-picked"); });
      hex.classList.add("lp-picked");
      var link = row.querySelector("a").cloneNode(true), share = row.querySelector(".v");
      live.replaceChildren(link, ": " + (share ? share.textContent + ", " + row.lastElementChild.textContent : "no figure") + ".");
    });
  });

  /* An address that names something inside closed details opens them; so does printing. */
  function open() {
    var target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (var box = target; box; box = box.parentElement) if (box.tagName === "DETAILS") box.open = true;
    if (target) target.scrollIntoView();
  }
  addEventListener("hashchange", open);
  open();
  addEventListener("beforeprint", function () { all("details:not(.lp-menu):not(.lp-long)").forEach(function (box) { box.open = true; }); });
  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector(".lp-menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });
})();
