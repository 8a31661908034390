/* The finder: bodies from A to Z, suppliers, postcodes and ids of figures. Everything is looked up here; nothing that is typed is sent. */
(function () {
  "use strict";
  var postcode = window.lpPostcode;
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function told(address) { return fetch(address).then(function (answer) { return answer.ok ? answer.json() : {}; }, function () { return {}; }); }
  function given() {
    var text = /^#q=(.*)/.exec(location.hash);
    try { return text ? decodeURIComponent(text[1]) : new URLSearchParams(location.search).get("q") || ""; } catch (broken) { return ""; }
  }

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
  addEventListener("hashchange", function () {
    all("[data-finder]").forEach(function (box) { if (/^#q=/.test(location.hash)) { box.value = given(); box.dispatchEvent(new Event("input")); } });
  });

  all("[data-finder]").forEach(function (box) {
    var list = document.getElementById(box.dataset.finder), sectors, turn = 0;
    var items = all("li[data-n]", list);
    var live = document.getElementById(box.dataset.finder + "-said"), paid = box.dataset.suppliers;
    function parts() { all("section", list).forEach(function (part) { part.hidden = !part.querySelector("li[data-n]:not([hidden])"); }); }
    function places() { sectors = sectors || told(box.dataset.sectors); return sectors; }
    /* Shows the bodies that serve a sector, and says where it lies; an outward part alone, or a sector that is not known, stands for all of its sectors. */
    function serve(place, all) {
      var of = (all.sectors || {})[place[0]], codes = [], slugs = {};
      if (!of && !place[1]) { place = [place[0].slice(0, -1), place[0].slice(-1)]; of = (all.sectors || {})[place[0]]; }
      Object.keys(of || {}).forEach(function (digit) {
        if (!of[place[1]] || digit === place[1]) of[digit].forEach(function (code) { if (codes.indexOf(code) < 0) codes.push(code); });
      });
      codes.forEach(function (code) { all.areas[code].bodies.forEach(function (slug) { slugs[slug] = true; }); });
      items.forEach(function (item) { item.hidden = codes.length > 0 && !slugs[item.querySelector("a").getAttribute("href").split("/").slice(-2)[0]]; });
      return codes.length ? place.join(" ").trim() + " lies in " + codes.map(function (code) { return all.areas[code].name; }).join(", and partly in ") + ". Showing the bodies that serve it."
        : "No postcode that we know begins so. The name of a council finds it as well.";
    }
    function find() {
      var typed = plain(box.value).split(" ").filter(Boolean), shown = 0, place = box.dataset.sectors && postcode(box.value), mine = turn += 1;
      if (place) {
        live.textContent = "";
        places().then(function (all) {
          if (mine !== turn) return;
          live.textContent = serve(place, all);
          parts();
          if (paid) list.after(document.getElementById(paid + "-said"), document.getElementById(paid));
        });
        return;
      }
      items.forEach(function (item) {
        var words = plain(item.firstChild.textContent + " " + item.dataset.n).split(" ");
        item.hidden = !typed.every(function (part) { return words.some(function (word) { return near(word, part); }); });
        if (!item.hidden) shown += 1;
      });
      parts();
      live.textContent = !typed.length ? "" : shown ? "Showing " + shown + " of " + items.length + "."
        : "Nothing here has that name. We cover the public bodies listed on this page.";
      if (typed.length && !shown) items.concat(all("section", list)).forEach(function (item) { item.hidden = false; });
      /* Bodies of the name come before suppliers of it; where there are none, all bodies come after. */
      if (paid) (typed.length && shown ? list : live).after(document.getElementById(paid + "-said"), document.getElementById(paid));
    }
    box.value = given() || box.value;
    box.addEventListener("input", find);
    if (box.dataset.sectors) box.addEventListener("focus", places);
    find();
  });

  /* Suppliers: names lie in small files by the first letters of their words; one is fetched when it is needed. */
  all("[data-suppliers]").forEach(function (box) {
    var list = document.getElementById(box.dataset.suppliers), live = document.getElementById(box.dataset.suppliers + "-said");
    var files = {}, turns = 0;
    /* A figure by the id under which it was cited. */
    function cited(id, one) {
      list.replaceChildren();
      live.textContent = one ? "" : "No figure of this release has the id " + id + ".";
      if (!one) return;
      var item = document.createElement("li"), link = document.createElement("a");
      link.href = box.dataset.at + "../" + one.page;
      link.textContent = one.title;
      item.append(link, " ", one.says);
      list.append(item);
    }
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
      var typed = plain(box.value).split(" ").filter(Boolean), turn = turns += 1, id = /^\s*([fs]-[0-9a-f]{12})\s*$/.exec(box.value);
      if (id) { told(box.dataset.at + "../figures/" + id[1].slice(2, 4) + ".json").then(function (all) { if (turn === turns) cited(id[1], all[id[1]]); }); return; }
      var long = typed.filter(function (word) { return word.length > 2; });
      if (!long.length || postcode(box.value)) { list.replaceChildren(); live.textContent = ""; return; }
      had("list").then(function (parts) {
        var there = long.map(function (word) { return word.slice(0, 3); }).filter(function (part) { return parts.indexOf(part) >= 0; });
        return there.length ? had(there[0]) : [];
      }).then(function (found) { if (turn === turns) show(found, typed); });
    }
    box.value = given() || box.value;
    box.addEventListener("input", find);
    find();
  });
})();
