/**
 * Pages on which a message is written: what is typed is kept, in this browser at once and on the server a
 * moment later. Without this script, or where storage is forbidden, the button "Keep as a draft" does it.
 */
const PAUSE = 1500;

function prepare(place) {
  const area = place.querySelector("textarea");
  const state = place.querySelector("[data-state]");
  const { key, reader, place: base, draft } = place.dataset;
  const form = area.form;
  const name = `ustaz:message:${base}:${reader}:${key}`;
  let waiting;
  const say = (text) => {
    if (state.textContent !== text) state.textContent = text;
  };
  const kept = () => {
    try {
      return JSON.parse(localStorage.getItem(name) ?? "null");
    } catch {
      return null;
    }
  };
  const keep = (value) => {
    try {
      if (value) localStorage.setItem(name, JSON.stringify(value));
      else localStorage.removeItem(name);
    } catch {
      // Storage is forbidden or full: the server has the draft.
    }
  };

  async function save() {
    clearTimeout(waiting);
    waiting = undefined;
    const { _xsrf, batch } = form.elements;
    const fields = new URLSearchParams({ key, text: area.value, _xsrf: _xsrf.value, batch: batch.value });
    const to = form.elements.to;
    if (to) fields.set("to", to.value);
    try {
      const reply = await fetch(draft, { method: "POST", body: fields, keepalive: area.value.length < 5000 });
      say(reply.ok ? state.dataset.kept : state.dataset.here);
    } catch {
      say(state.dataset.here);
    }
  }

  const known = kept();
  // Its message has arrived: a page that shows it, or the one after it was begun, stands here now.
  if (known?.sent && location.hash === `#m-${known.sent}`) keep(null);
  else if (known && document.querySelector(`[data-message="${CSS.escape(known.sent ?? "")}"]`)) keep(null);
  else if (known?.text && known.text !== area.value && area.value.length <= known.text.length) {
    area.value = known.text;
    say(state.dataset.kept);
  }
  area.addEventListener("input", () => {
    keep({ text: area.value });
    say("");
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  });
  area.addEventListener("blur", () => {
    if (waiting !== undefined) void save();
  });
  addEventListener("pagehide", () => {
    if (waiting !== undefined) void save();
  });
  form.addEventListener("submit", (event) => {
    clearTimeout(waiting);
    waiting = undefined;
    if (!navigator.onLine) {
      event.preventDefault();
      keep({ text: area.value });
      say(state.dataset.here);
      return;
    }
    keep({ text: area.value, sent: form.elements.batch.value });
  });
}

for (const place of document.querySelectorAll("[data-writing]")) prepare(place);
// Forms that come later, with remarks beside answers.
document.addEventListener("ustaz-writing", (event) => prepare(event.target));
if (location.hash.startsWith("#m-")) {
  // A message from the page "Write a message" has its thread now.
  const sent = location.hash.slice(3);
  try {
    for (const name of Object.keys(localStorage)) {
      if (name.startsWith("ustaz:message:") && localStorage.getItem(name)?.includes(`"sent":"${sent}"`)) {
        localStorage.removeItem(name);
      }
    }
  } catch {
    // Storage is forbidden.
  }
}
