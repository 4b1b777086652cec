/**
 * The anywidget half: the same component in the output of a cell.
 *
 * It talks to the HTTP API of the page's own origin; the kernel takes no part in saving, so a
 * kernel that dies takes nothing with it.
 */
import { createI18n } from "../model/i18n";
import { mount, type PageData } from "../page/viewer";
import {
  apiUrl,
  baseUrl,
  behind,
  freshPrefix,
  type Model,
  messagesFor,
  pageUrl,
  type Reach,
  reach,
} from "./host";
import { addTheme } from "./theme";

/** The language of a person, and where the caller of Python wants another: that. */
const LANGUAGE = /^[a-z]{2}$/;
/** Of these there are words; English is also what Lab says of itself where it has no Kazakh. */
const SPOKEN = new Set(["kk", "ru"]);

/** Say why a workbook is not shown: where nobody is known, in the language of the browser. */
async function unopened(
  el: HTMLElement,
  state: Reach["state"],
  wanted: string,
  page: string,
): Promise<() => void> {
  const heard = [document.documentElement.lang, ...navigator.languages].map((tag) =>
    tag.slice(0, 2),
  );
  const lang = wanted || (heard.find((tag) => SPOKEN.has(tag)) ?? "en");
  const { t } = createI18n(lang, await messagesFor(`${baseUrl()}ustaz-lab`, lang));
  const sentences = {
    here: t("Nobody is signed in to the course yet. Open “My workbooks” first."),
    away: t("The course does not answer just now. Nothing is lost; try again in a moment."),
    absent: t(
      "This workbook needs the Ustaz server. What you wrote is kept there; open it as a page:",
    ),
  };
  const box = document.createElement("div");
  box.className = "uz-themed";
  box.lang = lang;
  const note = document.createElement("p");
  note.setAttribute("role", "status");
  note.textContent = sentences[state];
  const link = document.createElement("a");
  link.href = page;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = t("Open the page");
  box.append(note, link);
  el.append(box);
  return () => el.replaceChildren();
}

async function render({ model, el }: { model: Model; el: HTMLElement }): Promise<() => void> {
  const base = baseUrl();
  const workbook = String(model.get("workbook"));
  const named = String(model.get("course") ?? "");
  const course = behind().courses.includes(named) ? named : null;
  const api = apiUrl(base, course);
  const answer = await reach(api);
  const me = answer.state === "here" ? answer.me : null;
  el.dataset.lmSuppressShortcuts = "true";
  el.classList.add("uz-lab-view");
  addTheme();
  const wanted = String(model.get("lang") ?? "");
  if (!me) return unopened(el, answer.state, wanted, pageUrl(base, workbook, course));
  const lang = LANGUAGE.test(wanted) ? wanted : me.lang;
  const { t } = createI18n(lang, await messagesFor(api, lang));
  const lost = document.createElement("p");
  lost.setAttribute("role", "status");
  lost.hidden = true;
  lost.textContent = t(
    "The notebook's kernel has stopped. Nothing is lost: what you write here is saved without it.",
  );
  const place = document.createElement("div");
  el.append(lost, place);
  const about = String(model.get("person") ?? "");
  const section = String(model.get("section") ?? "");
  const other = about !== "" && about !== me.person ? about : null;
  const data: PageData = {
    api,
    workbook,
    lang,
    mode: other || model.get("read_only") === true ? "read" : "edit",
    about: other,
    uid: freshPrefix(workbook),
    css: `${base}ustaz/static/workbook.css`,
  };
  if (section) data.section = section;
  const view = mount(place, data, (event) => model.send({ ...event, reader: me.person }));
  const closed = (): void => {
    lost.hidden = false;
  };
  model.on("comm_live_update", closed);
  return () => {
    model.off("comm_live_update", closed);
    view.destroy();
    el.replaceChildren();
  };
}

export default { render };
