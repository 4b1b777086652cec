// Runs before anything is painted, so that a chosen colour scheme does not flash.
(() => {
  let theme = "auto";
  try {
    theme = localStorage.getItem("theme") || "auto";
  } catch {
    // Storage may be forbidden; the device's own scheme is a good answer then.
  }
  document.body.dataset.theme = theme;
  document.documentElement.classList.replace("no-js", "js");
})();
