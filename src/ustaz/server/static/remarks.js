/**
 * Remarks stand beside the answers that they are about, also after the workbook's script has drawn the page
 * anew; they are answered there. Without this script they stand where the server drew them, and an answer
 * has a page of its own.
 */
const app = document.getElementById("ustaz-app");
const rest = document.querySelector("[data-remarks-rest]");
const form = document.querySelector("[data-new-remark]");
let held = [];

/** An answer form from its template, in the place of the button that saves and goes to another page. */
function unfold(aside) {
  for (const template of aside.querySelectorAll("template")) {
    template.parentElement.querySelector("[data-press]")?.remove();
    const copy = template.content.cloneNode(true);
    const places = [...copy.querySelectorAll("[data-writing]")];
    template.replaceWith(copy);
    for (const place of places) place.dispatchEvent(new CustomEvent("ustaz-writing", { bubbles: true }));
  }
}

function hold(elements) {
  held = elements;
  for (const aside of held) {
    unfold(aside);
    aside.dataset.home = "";
  }
}

/** The field that an id is about: the control of a short one, the frame of any other. */
function fieldOf(id) {
  const element = id && document.getElementById(id);
  return element && app.contains(element) ? (element.closest(".uz-field") ?? element) : null;
}

/** Put each remark after its field, and those of one field one after another. */
function place() {
  const last = new Map();
  for (const aside of held) {
    const field = fieldOf(aside.dataset.remarks);
    if (!field) {
      if (!aside.isConnected) rest?.prepend(aside);
      continue;
    }
    const before = last.get(field) ?? field;
    if (before.nextElementSibling !== aside) before.after(aside);
    last.set(field, aside);
  }
  if (form) offer(last);
}

/** The id of the field of an option, whose value is `remark:PERSON/WORKBOOK/FIELD` and perhaps a row. */
function idOf(option) {
  const [, workbook, field] = option.value.split("/");
  return `uz-${workbook}-${field}`;
}

/** A button at each answer that brings the form there. */
const buttons = new Map();
function offer(last) {
  const select = form.querySelector("select");
  const offered = new Set();
  for (const option of select.options) {
    const id = idOf(option);
    const field = fieldOf(id);
    // The rows of a table are in its field, which has one button: put after itself it would be moved for ever.
    if (!field || offered.has(id)) continue;
    offered.add(id);
    let frame = buttons.get(id);
    if (!frame) {
      frame = document.createElement("p");
      frame.className = "uzr-write uzr-noprint";
      const button = document.createElement("button");
      button.type = "button";
      button.className = "uzr-button";
      button.textContent = form.dataset.words;
      const label = document.getElementById(`${id}-label`) ?? field.querySelector(".uz-label");
      if (label) button.setAttribute("aria-label", `${form.dataset.words}: ${label.textContent}`);
      button.addEventListener("click", () => {
        const chosen = select.selectedOptions[0];
        if (!chosen || idOf(chosen) !== id) {
          option.selected = true;
          select.dispatchEvent(new Event("change"));
        }
        frame.after(form);
        form.querySelector("textarea").focus();
      });
      frame.append(button);
      buttons.set(id, frame);
    }
    const before = last.get(field) ?? field;
    if (before.nextElementSibling !== frame) before.after(frame);
    last.set(field, frame);
    if (!form.isConnected) rest.append(form);
  }
}

/** A remark that an address names is shown, whatever was drawn meanwhile. */
function arrive() {
  const id = location.hash.slice(1);
  const target = /^[rm]-[0-9a-f]+$/.test(id) && document.getElementById(id);
  if (target) {
    target.scrollIntoView({ block: "center" });
    (target.closest("article") ?? target).focus({ preventScroll: true });
  }
}

let shown = document.documentElement.lang;
async function inAnotherLanguage(lang) {
  if (lang === shown || !rest) return;
  shown = lang;
  const { translate } = await import("./remarks-language.js");
  await translate(held, `${rest.dataset.remarksRest}?lang=${lang}`);
}

/** What keeps drafts comes when somebody begins to write, or comes back from sending. */
let coming;
function keepDrafts() {
  coming ??= rest && import(rest.dataset.script).catch(() => undefined);
}

if (app) {
  addEventListener("focusin", (event) => {
    if (event.target.closest?.("[data-writing]")) keepDrafts();
  });
  if (/^#[rm]-/.test(location.hash)) keepDrafts();
  hold([...document.querySelectorAll("aside[data-remarks]")]);
  const drawn = () => !app.querySelector("form#uz-form") && app.querySelector(".uz-main");
  let arrived = false;
  const look = () => {
    if (!drawn()) return;
    place();
    if (!arrived) {
      arrived = true;
      arrive();
    }
  };
  new MutationObserver(look).observe(app, { childList: true, subtree: true });
  new MutationObserver(() => void inAnotherLanguage(document.documentElement.lang)).observe(document.documentElement, {
    attributes: true,
    attributeFilter: ["lang"],
  });
  look();
}
