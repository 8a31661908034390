/* Before paint: says that scripts run, and takes the scheme that the reader chose last time. */
(function (root) {
  root.classList.remove("no-js");
  root.classList.add("js");
  try {
    var theme = localStorage.getItem("lp-theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  } catch (refused) { /* storage is refused: the system's scheme stands */ }
})(document.documentElement);
