/**
 * On the home page: which workbooks hold words that only this browser has, and since when.
 *
 * The page names the places of whoever is signed in, and no others are looked at; what is kept and how
 * is told in docs/frontend.md. Without this script, or where storage is forbidden, nothing is said.
 */
const place = document.getElementById("unsent");
// A page in another tab that is just saving is no news.
const PATIENCE = 10_000;
const two = (value) => String(value).padStart(2, "0");

function since(scope) {
  let first = Number.POSITIVE_INFINITY;
  for (let at = 0; at < localStorage.length; at += 1) {
    const key = localStorage.key(at);
    if (!key?.startsWith(`ustaz:kept:${scope}:`)) continue;
    try {
      const { batches, conflicts, refused, since, beat } = JSON.parse(localStorage.getItem(key));
      if (batches.length + conflicts.length + refused.length > 0) {
        first = Math.min(first, since ?? beat);
      }
    } catch {
      // Not one of ours.
    }
  }
  return first;
}

function look() {
  let any = false;
  let fresh = false;
  for (const item of place.querySelectorAll("[data-scope]")) {
    const from = since(item.dataset.scope);
    const age = Date.now() - from;
    item.hidden = !(age >= PATIENCE);
    any ||= !item.hidden;
    fresh ||= item.hidden && Number.isFinite(from);
    if (item.hidden) continue;
    const day = new Date(from);
    const date = `${two(day.getDate())}.${two(day.getMonth() + 1)}.${day.getFullYear()}`;
    const time = `${two(day.getHours())}:${two(day.getMinutes())}`;
    const words = item.querySelector("[data-text]");
    words.textContent = words.dataset.text.replace("%", `${date}, ${time}`);
  }
  place.hidden = !any;
  // "Nothing to do" is not true while words wait here.
  for (const calm of document.querySelectorAll("[data-calm]")) calm.hidden = any;
  if (fresh) setTimeout(look, PATIENCE);
}

try {
  if (place) {
    look();
    addEventListener("storage", look);
    addEventListener("pageshow", look);
  }
} catch {
  // Storage is forbidden: nothing was kept there either.
}
