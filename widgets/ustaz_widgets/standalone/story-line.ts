/**
 * The story line by itself: Python draws it, escaped, as it draws it for a page. The boxes below
 * the picture, which choose its lanes, are the model's too: Python can read and set them.
 */
import "../page/page.css";
import "../form/pictures.css";
import "./standalone.css";
import { addTheme } from "../notebook/theme";
import type { Model } from "./model";

const BOX = "input[data-shows]";

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  addTheme();
  el.dataset.lmSuppressShortcuts = "true";
  const root = document.createElement("div");
  root.className = "uz-page uz-page--read uz-standalone";
  root.translate = false;
  el.append(root);
  const title = document.createElement("h3");
  title.className = "uz-label";
  const picture = document.createElement("div");
  root.append(title, picture);
  const boxes = () => [...picture.querySelectorAll<HTMLInputElement>(BOX)];
  const choose = () => {
    const shown = model.get("shown") as string[];
    for (const box of boxes()) box.checked = shown.includes(box.dataset.shows ?? "");
  };
  const draw = () => {
    root.lang = String(model.get("language"));
    title.textContent = String(model.get("description") || model.get("title"));
    const drawn = new DOMParser().parseFromString(String(model.get("picture")), "text/html");
    picture.replaceChildren(...drawn.body.childNodes);
    choose();
  };
  const chosen = (event: Event) => {
    if (!(event.target instanceof HTMLInputElement) || !event.target.matches(BOX)) return;
    const { shows = "" } = event.target.dataset;
    const others = (model.get("shown") as string[]).filter((lane) => lane !== shows);
    model.set("shown", event.target.checked ? [...others, shows] : others);
    model.save_changes();
  };
  picture.addEventListener("change", chosen);
  const redrawn = "change:picture change:description";
  model.on(redrawn, draw);
  model.on("change:shown", choose);
  draw();
  return () => {
    model.off(redrawn, draw);
    model.off("change:shown", choose);
    el.replaceChildren();
  };
}

export default { render };
