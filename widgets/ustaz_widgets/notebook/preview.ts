/**
 * A workbook under work in the output of a cell: all of it comes from the kernel, which reads the
 * definition, and what is typed stays in this view until it is closed.
 */
import { createI18n } from "../model/i18n";
import type { Messages, RuleContext } from "../model/types";
import { mount } from "../page/viewer";
import { freshPrefix, type Model } from "./host";
import { addTheme } from "./theme";
import { ThrowAway, type Wording } from "./throw-away";

interface Page {
  workbook: string;
  lang: string;
  languages: string[];
  words: Record<string, Wording>;
  context: RuleContext;
}
interface Complaint {
  line: number;
  place: string;
  message: string;
}
/** How often the kernel is asked whether the file was saved; an idle kernel answers at once. */
const LOOK_MS = 1500;

export function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  el.dataset.lmSuppressShortcuts = "true";
  el.classList.add("uz-preview", "uz-lab-view");
  addTheme();
  const uid = freshPrefix("preview");
  const note = document.createElement("p");
  note.className = "uz-notice uz-preview-note";
  const place = document.createElement("div");
  const complaints = document.createElement("div");
  complaints.setAttribute("role", "status");
  el.append(note, place, complaints);
  let server: ThrowAway | null = null;
  let view: ReturnType<typeof mount> | null = null;
  let lang = "";

  const page = (): Page | null => {
    const sent = model.get("page") as Partial<Page> | null;
    return sent?.workbook ? (sent as Page) : null;
  };
  // As long as nothing can be shown, it is said in the language of whoever looks.
  const spoken = () => (model.get("spoken") ?? {}) as { lang?: string; messages?: Messages };
  const words = () =>
    lang
      ? createI18n(lang, page()?.words[lang]?.messages ?? {})
      : createI18n(spoken().lang ?? "en", spoken().messages ?? {});
  const drawComplaints = () => {
    const { t } = words();
    const problems = (model.get("complaints") as Complaint[] | null) ?? [];
    el.lang = words().lang;
    note.textContent = page()
      ? t("A preview: try it as you like. What is written here is kept by nobody.")
      : t("There is nothing to show yet: what is to be mended stands below.");
    complaints.replaceChildren();
    if (problems.length === 0) return;
    const title = document.createElement("p");
    title.className = "uz-preview-title";
    title.textContent = page()
      ? t("To be mended; shown above is how it was before:")
      : t("To be mended:");
    const list = document.createElement("ul");
    for (const { line, place: where, message } of problems) {
      const entry = document.createElement("li");
      const number = document.createElement("b");
      number.textContent = t("line {line}", { line });
      const code = document.createElement("code");
      code.lang = "en";
      code.textContent = where;
      const sentence = document.createElement("span");
      sentence.lang = "en";
      sentence.textContent = message;
      entry.append(number, " ", ...(where ? [code, " "] : []), sentence);
      list.append(entry);
    }
    complaints.append(title, list);
  };
  const choose = (chosen: string) => {
    lang = chosen;
    drawComplaints();
  };
  const draw = () => {
    const shown = page();
    // What was typed stays, where the workbook is still the same one.
    const fits = server && view && shown && place.dataset.workbook === shown.workbook;
    lang ||= shown?.lang ?? "";
    view?.destroy();
    view = null;
    if (shown) {
      place.dataset.workbook = shown.workbook;
      const refusal = words().t("This is a preview: nothing leaves this page.");
      const wording = (wanted: string) => (page() as Page).words[wanted] as Wording;
      if (!fits || !server) server = new ThrowAway(wording, lang, refusal, choose);
      const data = {
        api: "preview:api",
        mode: "edit" as const,
        about: null,
        writer: null,
        uid,
        css: "",
        rounds: [],
        confirmations: [],
        context: shown.context,
        languages: shown.languages,
        assignment: false,
        share: null,
        ...server.page(shown.workbook, lang),
      };
      view = mount(place, data, undefined, {
        request: server.request,
        storage: null,
        locks: null,
        channel: () => null,
      });
    }
    drawComplaints();
  };
  const look = setInterval(() => {
    if (document.visibilityState !== "hidden" && el.isConnected) model.send({ event: "look" });
  }, LOOK_MS);
  model.on("change:page", draw);
  model.on("change:complaints", drawComplaints);
  draw();
  return () => {
    clearInterval(look);
    model.off("change:page", draw);
    model.off("change:complaints", drawComplaints);
    view?.destroy();
    el.replaceChildren();
  };
}

export default { render };
