/* The search over words: Pagefind comes when somebody presses Search, from here and nowhere else. Its filters are words in the index. */
(function () {
  "use strict";
  var form = document.querySelector("[data-words]"), said = document.getElementById("lp-words-said"), list = document.getElementById("lp-words-found");
  var starting = null, asked = 0, SHOWN = 20, names = ["w", "kind", "region"].filter(function (name) { return form.elements[name]; });

  function start() {
    if (!starting) starting = import(new URL(form.dataset.words + "pagefind.js", location.href).href).then(function (pagefind) {
      return pagefind.options({ noWorker: true, baseUrl: "/" }).then(function () { return pagefind; });
    });
    return starting;
  }
  function hit(told) {
    var item = document.createElement("li"), link = document.createElement("a"), more = document.createElement("span");
    link.href = form.dataset.root + told.raw_url.replace(/^\//, "");
    link.textContent = told.meta.title;
    more.textContent = told.meta.about || "";
    item.append(link, " ", more);
    return item;
  }
  function find() {
    var typed = form.elements.w.value.trim(), turn = asked += 1;
    if (!typed) { list.replaceChildren(); said.textContent = "Type a word."; return; }
    var marks = names.slice(1).map(function (name) { return form.elements[name].value && " lp" + name + form.elements[name].value; }).join("");
    said.textContent = "Looking.";
    start().then(function (pagefind) { return pagefind.search(typed + marks); }).then(function (found) {
      return Promise.all(found.results.slice(0, SHOWN).map(function (one) { return one.data(); })).then(function (hits) {
        if (turn !== asked) return;
        list.replaceChildren.apply(list, hits.map(hit));
        said.textContent = !hits.length ? "No page here has all of these words. Names are found in the box above, also with a slip."
          : found.results.length > SHOWN ? "Showing " + SHOWN + " of " + found.results.length + " pages." : hits.length === 1 ? "1 page." : hits.length + " pages.";
      });
    }).catch(function () { said.textContent = "The search could not be started here. Names are found in the box above."; });
  }
  form.addEventListener("submit", function (event) {
    event.preventDefault();
    var state = new URLSearchParams(location.search);
    names.forEach(function (name) { if (form.elements[name].value) state.set(name, form.elements[name].value); else state.delete(name); });
    history.replaceState(null, "", "?" + state + location.hash);
    find();
  });
  var kept = new URLSearchParams(location.search);
  names.forEach(function (name) { if (kept.get(name)) form.elements[name].value = kept.get(name); });
  if (kept.get("w")) { document.getElementById("words").open = true; find(); }
})();
