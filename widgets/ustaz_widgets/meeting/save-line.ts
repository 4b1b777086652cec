/** The line that says whether everything is saved, and asks which of two plans is to count. */
import type { I18n } from "../model/types";
import { element } from "../sync/element";
import { type PageData, write } from "./page";
import { Saving, type State } from "./saving";

/** Return what saves, with its line drawn into `place`. */
export function savingWithLine(
  data: PageData,
  part: "plan" | "log",
  place: Element,
  { t }: I18n,
): Saving {
  const line = element("span");
  line.setAttribute("role", "status");
  const choice = element("div", { className: "uzs-note", hidden: true });
  choice.setAttribute("role", "alert");
  place.append(line, choice);

  const ask = (by: string) => {
    const mine = element("button", {
      type: "button",
      className: "uzs-button",
      textContent: t("Let mine count"),
    });
    const theirs = element("button", {
      type: "button",
      className: "uzs-button uzs-button-quiet",
      textContent: t("Drop mine and open the other one"),
    });
    mine.addEventListener("click", () => void saving.mine(saving.revision));
    theirs.addEventListener("click", () => {
      saving.theirs();
      location.reload();
    });
    choice.replaceChildren(
      element(
        "p",
        {},
        t("{name} has saved meanwhile. Yours is kept in this browser and not saved yet.", {
          name: by,
        }),
      ),
      element("p", {}, t("What gives way stays under “Earlier versions”, if it was saved.")),
      element("p", { className: "uzs-actions" }, mine, " ", theirs),
    );
  };
  const text = (state: State): string => {
    switch (state.kind) {
      case "waiting":
      case "saving":
        return t("Saving…");
      case "saved":
        return t("Saved at {time}", { time: new Date().toTimeString().slice(0, 5) });
      case "kept": {
        const where = state.stored
          ? t("Not saved yet. It is kept in this browser.")
          : t("Not saved yet. Leave this page open: this browser keeps nothing.");
        if (state.message) return `${where} ${state.message}`;
        return `${where} ${t("It is sent as soon as there is a connection.")}`;
      }
      default:
        return "";
    }
  };
  const saving: Saving = new Saving(data, part, (state) => {
    write(line, text(state));
    const asks = state.kind === "choose";
    if (asks && choice.hidden) ask(state.by);
    choice.hidden = !asks;
  });
  addEventListener("beforeunload", (event) => {
    // What the browser keeps comes back by itself; only what it cannot keep is worth a question.
    const { state } = saving;
    if ((state.kind === "kept" || state.kind === "choose") && !state.stored) event.preventDefault();
  });
  return saving;
}
