/**
 * A sentence that is typed into a short form stays in this browser until a page shows that it has
 * arrived: a reload, a closed tab or a connection that breaks loses nothing.
 */
const PREFIX = "ustaz:typed:";

/** Run something that a browser may forbid: storage is off in some private windows. */
function tried(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

const flat = (text) => text.trim().split(/\s+/).join(" ");
const arrived = new Set([...document.querySelectorAll("bdi")].map(({ textContent }) => flat(textContent)));

for (const area of document.querySelectorAll(":is(input, textarea)[data-kept]")) {
  const key = PREFIX + area.dataset.kept;
  const kept = tried(() => localStorage.getItem(key)) ?? "";
  const keep = () =>
    tried(() => (area.value.trim() ? localStorage.setItem(key, area.value) : localStorage.removeItem(key)));
  // A form that changes a text names its revision in the key: there, what was typed is the later word.
  if (arrived.has(flat(kept))) tried(() => localStorage.removeItem(key));
  else if (kept && kept !== area.value) {
    area.value = kept;
    area.closest("details")?.setAttribute("open", "");
  }
  area.addEventListener("input", keep);
}
