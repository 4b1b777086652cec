/** The log of a meeting: what is typed stays in this browser until it is saved. */
import { type PageData, readData } from "./page";
import { savingWithLine } from "./save-line";

interface LogDocument {
  minutes: Record<string, string>;
  present: string[];
  worked: string;
  change: string;
  left_open: string;
  energy: string;
  follow_ups: { who: string; what: string; by: string; done: boolean }[];
}

export function log(form: HTMLFormElement): void {
  const { data, i18n } = readData<PageData>();
  const all = <E extends HTMLElement>(name: string) => [
    ...form.querySelectorAll<E>(`[name="${name}"]`),
  ];
  const values = (name: string) => all<HTMLInputElement>(name).map((input) => input.value);
  const text = (name: string) => values(name)[0] ?? "";

  const read = (): LogDocument => {
    const taken = values("log_minutes");
    const [what, by, done] = [values("what"), values("by"), values("done")];
    return {
      minutes: Object.fromEntries(values("log_id").map((id, at) => [id, taken[at] ?? ""])),
      present: all<HTMLInputElement>("present").flatMap((box) => (box.checked ? box.value : [])),
      worked: text("worked"),
      change: text("change"),
      left_open: text("left_open"),
      energy: all<HTMLInputElement>("energy").find((radio) => radio.checked)?.value ?? "0",
      follow_ups: values("who").map((who, at) => ({
        who,
        what: what[at] ?? "",
        by: by[at] ?? "",
        done: done[at] === "yes",
      })),
    };
  };
  const show = (kept: LogDocument) => {
    const put = (name: string, texts: string[]) => {
      all<HTMLInputElement>(name).forEach((input, at) => {
        input.value = texts[at] ?? "";
      });
    };
    put(
      "log_minutes",
      values("log_id").map((id) => kept.minutes[id] ?? ""),
    );
    for (const box of all<HTMLInputElement>("present"))
      box.checked = kept.present.includes(box.value);
    for (const name of ["worked", "change", "left_open"] as const) put(name, [kept[name]]);
    for (const radio of all<HTMLInputElement>("energy"))
      radio.checked = radio.value === kept.energy;
    put(
      "who",
      kept.follow_ups.map((line) => line.who),
    );
    put(
      "what",
      kept.follow_ups.map((line) => line.what),
    );
    put(
      "by",
      kept.follow_ups.map((line) => line.by),
    );
  };

  const saving = savingWithLine(data, "log", document.getElementById("log-state") as Element, i18n);
  form.addEventListener("input", () => saving.change(read(), { wait: true }));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    saving.change(read());
    void saving.flush();
  });
  void saving.takeOver().then((left) => {
    if (left) {
      show(left as LogDocument);
      saving.change(left, { wait: true });
    } else if (form.dataset.typed !== undefined) saving.change(read(), { wait: true });
  });
}
