/**
 * What is ticked on a slip's page stays in this browser until it is sent: a reload, a closed tab or
 * a telephone that runs empty loses nothing. Nothing of it goes to the server before that.
 */
const PREFIX = "ustaz-survey:";

/** Run something that a browser may forbid: storage is off in some private windows. */
function tried(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

function draft(form) {
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (/^(s\d+|c-[a-z]+|role)$/.test(name)) values[name] = value;
  }
  return values;
}

function restore(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = form.elements[name];
    if (control === undefined || control === null) continue;
    if (control instanceof RadioNodeList || control.type === "radio") {
      for (const radio of form.querySelectorAll(`input[name="${CSS.escape(name)}"]`)) {
        radio.checked = radio.value === value;
      }
    } else {
      control.value = value;
      if (value) control.closest("details")?.setAttribute("open", "");
    }
  }
}

const form = document.querySelector("form[data-survey]");
if (form) {
  const key = PREFIX + form.dataset.survey;
  const posted = form.querySelector("input[name^='s']:checked") !== null;
  const kept = tried(() => JSON.parse(localStorage.getItem(key) ?? "null"));
  // What the server sends back after a press is newer than what was kept.
  if (kept && !posted) restore(form, kept);
  const keep = () => tried(() => localStorage.setItem(key, JSON.stringify(draft(form))));
  if (posted) keep();
  form.addEventListener("input", keep);
  const forget = form.querySelector("[data-forget]");
  forget.hidden = false;
  forget.addEventListener("click", () => {
    for (const input of form.querySelectorAll("input[type=radio]")) {
      input.checked = input.name === "role" && input.value === "prefer_not";
    }
    for (const area of form.querySelectorAll("textarea")) area.value = "";
    tried(() => localStorage.removeItem(key));
    scrollTo(0, 0);
  });
}
const sent = document.querySelector("[data-survey-sent]");
if (sent) tried(() => localStorage.removeItem(PREFIX + sent.dataset.surveySent));
