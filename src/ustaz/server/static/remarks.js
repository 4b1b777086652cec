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

/** A button at each answer that brings the form there. */
const buttons = new Map();
function offer(last) {
  const select = form.querySelector("select");
  const offered = new Set();
  for (const option of select.options) {
    const id = option.dataset.field;
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
        if (chosen?.dataset.field !== id) {
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
  if (lang === shown) return;
  shown = lang;
  if (!rest || document.querySelector(".uzr textarea:focus")) return;
  try {
    const reply = await fetch(`${rest.dataset.remarksRest}?lang=${lang}`);
    if (!reply.ok) return;
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    const fresh = new Map([...page.querySelectorAll("article")].map((article) => [article.id, article]));
    for (const article of held.flatMap((aside) => [...aside.querySelectorAll("article")])) {
      const other = fresh.get(article.id);
      // What somebody has begun to answer stays as it stands.
      if (!other || article.querySelector("textarea")?.value) continue;
      for (const back of other.querySelectorAll("[name=back]")) back.value = location.pathname;
      article.replaceWith(other);
      for (const area of other.querySelectorAll("[data-writing]")) {
        area.dispatchEvent(new CustomEvent("ustaz-writing", { bubbles: true }));
      }
    }
  } catch {
    // Without a connection they stay in the language in which they were.
  }
}

if (app) {
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
