/**
 * The anywidget half: the same component in the output of a cell.
 *
 * It talks to the HTTP API of the page's own origin; the kernel takes no part in saving, so a
 * kernel that dies takes nothing with it.
 */
import { createI18n } from "../model/i18n";
import { mount, type PageData } from "../page/viewer";
import {
  AWAY,
  apiUrl,
  baseUrl,
  behind,
  freshPrefix,
  type Model,
  messagesFor,
  pageUrl,
  whoAmI,
} from "./host";
import { addTheme } from "./theme";

/** The language of a person, and where the caller of Python wants another: that. */
const LANGUAGE = /^[a-z]{2}$/;

async function render({ model, el }: { model: Model; el: HTMLElement }): Promise<() => void> {
  const base = baseUrl();
  const workbook = String(model.get("workbook"));
  const named = String(model.get("course") ?? "");
  const course = behind().courses.includes(named) ? named : null;
  const api = apiUrl(base, course);
  const me = await whoAmI(api);
  el.dataset.lmSuppressShortcuts = "true";
  el.classList.add("uz-lab-view");
  addTheme();
  if (!me || me === AWAY) {
    const lang = document.documentElement.lang || "en";
    const { t } = createI18n(lang, {});
    const note = document.createElement("p");
    note.setAttribute("role", "status");
    note.textContent = t(
      "This workbook needs the Ustaz server. What you wrote is kept there; open it as a page:",
    );
    const link = document.createElement("a");
    link.href = pageUrl(base, workbook, course);
    link.textContent = t("Open the page");
    el.append(note, link);
    return () => el.replaceChildren();
  }
  const wanted = String(model.get("lang") ?? "");
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
