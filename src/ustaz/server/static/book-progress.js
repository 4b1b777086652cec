/**
 * On the home page: how many modules of the book this device has finished.
 *
 * The marks stay in the browser (docs/authoring.md describes them); the server never learns them.
 * Without this script, without marks, or with damaged ones, the sentence is simply not there.
 */
const place = document.getElementById("book-progress");
try {
  const kept = JSON.parse(localStorage.getItem("ustaz.book.v1") ?? "null");
  const marks = kept?.format === 1 && kept.modules ? kept.modules : {};
  if (place && Object.keys(marks).length > 0) {
    const ids = (place.dataset.modules ?? "").split(" ").filter(Boolean);
    const done = ids.filter((id) => marks[id]?.complete === true).length;
    place.textContent = (place.dataset.text ?? "").replace("{done}", String(done));
    place.hidden = false;
  }
} catch {
  // Storage is forbidden or damaged: the book itself says what can be done about it.
}
