/* Comfort only: every page says everything without it. Theme button, sorting, filters, the finder, open details. */
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

  /* The finder on the A-Z: every word typed must begin a word of the name, or nearly. */
  function plain(text) { return text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, " ").trim(); }
  function near(word, typed) {
    if (word.indexOf(typed) === 0) return true;
    if (typed.length < 4) return false;
    var part = word.slice(0, typed.length + 1), row = [], i, j;
    for (j = 0; j <= part.length; j += 1) row[j] = j;
    for (i = 1; i <= typed.length; i += 1) {
      var last = row[0];
      row[0] = i;
      for (j = 1; j <= part.length; j += 1) {
        var keep = row[j];
        row[j] = Math.min(row[j] + 1, row[j - 1] + 1, last + (typed[i - 1] === part[j - 1] ? 0 : 1));
        last = keep;
      }
    }
    return Math.min(row[part.length], row[part.length - 1]) <= 1;
  }
  all("[data-finder]").forEach(function (box) {
    var list = document.getElementById(box.dataset.finder);
    var items = all("li[data-n]", list);
    var live = document.getElementById(box.dataset.finder + "-said"), paid = box.dataset.suppliers;
    function find() {
      var typed = plain(box.value).split(" ").filter(Boolean), shown = 0;
      items.forEach(function (item) {
        var words = plain(item.firstChild.textContent + " " + item.dataset.n).split(" ");
        item.hidden = !typed.every(function (part) { return words.some(function (word) { return near(word, part); }); });
        if (!item.hidden) shown += 1;
      });
      all("section", list).forEach(function (part) { part.hidden = !part.querySelector("li[data-n]:not([hidden])"); });
      live.textContent = !typed.length ? "" : shown ? "Showing " + shown + " of " + items.length + "."
        : "Nothing here has that name. We cover the public bodies listed on this page.";
      if (typed.length && !shown) items.concat(all("section", list)).forEach(function (item) { item.hidden = false; });
      /* Bodies of the name come before suppliers of it; where there are none, all bodies come after. */
      if (paid) (typed.length && shown ? list : live).after(document.getElementById(paid + "-said"), document.getElementById(paid));
    }
    box.value = new URLSearchParams(location.search).get("q") || box.value;
    box.addEventListener("input", find);
    if (box.form) box.form.addEventListener("submit", function (event) { event.preventDefault(); find(); });
    find();
  });

  /* Suppliers: names lie in small files by the first letters of their words; one is fetched when it is needed. */
  all("[data-suppliers]").forEach(function (box) {
    var list = document.getElementById(box.dataset.suppliers), live = document.getElementById(box.dataset.suppliers + "-said");
    var files = {}, asked = 0;
    function had(name) {
      if (!files[name]) files[name] = fetch(box.dataset.at + "names/" + name + ".json").then(function (told) { return told.json(); });
      return files[name];
    }
    function show(found, typed) {
      var hits = found.filter(function (one) {
        var words = plain(one[0] + " " + one[4]).split(" ");
        return typed.every(function (part) { return words.some(function (word) { return near(word, part); }); });
      });
      hits.sort(function (a, b) { return b[2] - a[2] || a[0].localeCompare(b[0], "en-GB"); });
      list.replaceChildren.apply(list, hits.slice(0, 12).map(function (one) {
        var item = document.createElement("li"), link = document.createElement("a"), more = document.createElement("span");
        link.href = box.dataset.at + one[1] + "/";
        link.textContent = one[0];
        more.textContent = one[3] + " from " + one[2] + (one[2] === 1 ? " public body" : " public bodies");
        item.append(link, " ", more);
        return item;
      }));
      live.textContent = hits.length > 12 ? "Showing 12 of " + hits.length + " suppliers." : hits.length ? "Showing " + hits.length + (hits.length === 1 ? " supplier." : " suppliers.")
        : "No supplier with a page here has that name. All names are in the files of suppliers.";
    }
    function find() {
      var typed = plain(box.value).split(" ").filter(Boolean), turn = asked += 1;
      var long = typed.filter(function (word) { return word.length > 2; });
      if (!long.length) { list.replaceChildren(); live.textContent = ""; return; }
      had("list").then(function (parts) {
        var there = long.map(function (word) { return word.slice(0, 3); }).filter(function (part) { return parts.indexOf(part) >= 0; });
        return there.length ? had(there[0]) : [];
      }).then(function (found) { if (turn === asked) show(found, typed); });
    }
    box.value = new URLSearchParams(location.search).get("q") || box.value;
    box.addEventListener("input", find);
    if (box.form) box.form.addEventListener("submit", function (event) { event.preventDefault(); find(); });
    find();
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
