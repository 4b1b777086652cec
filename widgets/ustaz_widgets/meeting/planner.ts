/**
 * The plan as a form that is dragged, moved by keyboard, counted while one types, undone and saved by
 * itself. What the server drew is the plan: this only moves it and reads it.
 */
import { startDrag } from "../plan/drag";
import { element } from "../sync/element";
import { type PageData, readData, write } from "./page";
import { savingWithLine } from "./save-line";
import { type Block, clockOf, type Row, timetable } from "./timetable";

interface PlannerData extends PageData {
  groupings: Record<string, string>;
}

type Fields = Record<string, string | boolean>;
interface PlanDocument {
  title: string;
  day: string;
  start: string;
  minutes: string;
  people: string;
  aims: string[];
  leads: string[];
  blocks: Fields[];
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const MOST_BLOCKS = 24;
const TOLERANCE = 5;
const MOST_UNDO = 100;
const numberOf = (value: unknown) => {
  const number = Number(value);
  return Number.isInteger(number) && number > 0 ? number : 0;
};
const isTime = (value: unknown): value is string =>
  typeof value === "string" && /^\d\d:\d\d$/.test(value);

export function planner(form: HTMLFormElement): void {
  const { data, i18n } = readData<PlannerData>();
  const { t, n } = i18n;
  const list = document.getElementById("plan-blocks") as HTMLOListElement;
  const template = document.getElementById("plan-block") as HTMLTemplateElement;
  const announcer = document.getElementById("plan-said");
  const field = (name: string) => form.elements.namedItem(name) as Control;
  const cards = () => [...list.querySelectorAll<HTMLLIElement>(":scope > li")];
  const control = (card: Element, name: string) =>
    card.querySelector<Control>(`[name="block_${name}"]`) as Control;
  const titleOf = (card: Element) => control(card, "title").value || t("Block");

  // -- reading and writing the form ---------------------------------------------------------------
  const readBlock = (card: Element): Fields => {
    const block: Fields = {};
    for (const input of card.querySelectorAll<Control>('[name^="block_"]'))
      block[input.name.slice(6)] = input.value;
    return { ...block, drop: block.drop === "yes" };
  };
  const read = (): PlanDocument => ({
    title: field("title").value,
    day: field("day").value,
    start: field("start").value,
    minutes: field("minutes").value,
    people: field("people").value,
    aims: field("aims").value.split("\n"),
    leads: [...form.querySelectorAll<HTMLInputElement>('[name="leads"]:checked')].map(
      (box) => box.value,
    ),
    blocks: cards().map(readBlock),
  });
  const put = (input: Control, value: string) => {
    if (input.value !== value) input.value = value;
  };
  const fresh = (id: string): HTMLLIElement => {
    const holder = document.createElement("div");
    holder.innerHTML = template.innerHTML.replaceAll("NEW", id);
    const card = holder.querySelector("li") as HTMLLIElement;
    control(card, "id").value = id;
    prepare(card);
    return card;
  };
  const show = (plan: PlanDocument) => {
    for (const name of ["title", "day", "start", "minutes", "people"] as const)
      put(field(name), plan[name]);
    put(field("aims"), plan.aims.join("\n"));
    for (const box of form.querySelectorAll<HTMLInputElement>('[name="leads"]')) {
      box.checked = plan.leads.includes(box.value);
    }
    const known = new Map(cards().map((card) => [card.dataset.row, card]));
    list.replaceChildren(
      ...plan.blocks.map((block) => {
        const card = known.get(String(block.id)) ?? fresh(String(block.id));
        for (const [name, value] of Object.entries(block)) {
          put(control(card, name), name === "drop" ? (value ? "yes" : "no") : String(value));
        }
        return card;
      }),
    );
    draw();
  };

  // -- what follows from it -----------------------------------------------------------------------
  const draw = () => {
    const plan = read();
    const blocks = plan.blocks.map(
      (block): Block => ({
        id: String(block.id),
        title: String(block.title),
        kind: String(block.kind),
        grouping: String(block.grouping),
        minutes: numberOf(block.minutes),
        talk: numberOf(block.talk),
        intro: numberOf(block.intro),
        shorten: numberOf(block.shorten),
        lock: isTime(block.lock) ? block.lock : "",
        drop: block.drop === true,
      }),
    );
    const start = isTime(plan.start) ? plan.start : "00:00";
    const shown = timetable({ start, people: numberOf(plan.people), blocks });
    cards().forEach((card, at) => {
      drawRow(card, shown.rows[at] as Row, at);
    });
    const figure = (name: string, text: string) =>
      write(document.querySelector(`[data-figure="${name}"]`), text);
    figure("end", clockOf(shown.end));
    figure("minutes", `${shown.minutes} / ${numberOf(plan.minutes)}`);
    figure("share", `${shown.share} %`);
    note("talk", shown.talksMuch, null);
    const free = numberOf(plan.minutes) - shown.minutes;
    const words =
      free > 0
        ? n("{n} minute has no block yet.", "{n} minutes have no block yet.", free, { n: free })
        : n(
            "The blocks take {n} minute more than the meeting has.",
            "The blocks take {n} minutes more than the meeting has.",
            -free,
            { n: -free },
          );
    note("minutes", Math.abs(free) > TOLERANCE, words);
    write(document.querySelector("h1 bdi"), plan.title || t("Plan of a meeting"));
    return shown;
  };
  const note = (name: string, shown: boolean, words: string | null) => {
    const place = document.querySelector<HTMLElement>(`[data-note="${name}"]`);
    if (!place) return;
    if (words !== null) write(place, words);
    place.hidden = !shown;
  };
  const drawRow = (card: HTMLElement, row: Row, at: number) => {
    const time = card.querySelector("[data-time]") as HTMLElement;
    const grouping = data.groupings[row.block.grouping] ?? "";
    const sizes = ["alone", "whole"].includes(row.block.grouping)
      ? ""
      : ` (${row.groups.join(" + ")})`;
    const clock = `${clockOf(row.start)}–${clockOf(row.end)}`;
    const groups = row.groups.length ? `${grouping}${sizes}` : "";
    if (time.textContent !== `${clock} ${groups}`)
      time.replaceChildren(element("strong", {}, clock), ` ${groups}`);
    const gap = card.querySelector("[data-gap]") as HTMLElement;
    const { gap: free, overrun } = row;
    gap.hidden = !free && !overrun;
    if (free)
      write(
        gap,
        n("{n} minute is free before it.", "{n} minutes are free before it.", free, { n: free }),
      );
    else if (overrun) {
      const missing = n(
        "It holds its time: {n} minute is missing before it.",
        "It holds its time: {n} minutes are missing before it.",
        overrun,
        { n: overrun },
      );
      write(gap, missing);
    }
    card.className = `uzs-card uzm-block uzm-${row.block.kind}`;
    const last = cards().length - 1;
    for (const [way, hidden] of [
      ["up", at === 0],
      ["down", at === last],
    ] as const) {
      const button = card.querySelector<HTMLElement>(`button[value^="${way}."]`);
      if (button) button.hidden = hidden;
    }
  };

  // -- undo ---------------------------------------------------------------------------------------
  const past: string[] = [];
  const undone: string[] = [];
  let now = JSON.stringify(read());
  const tool = (name: string, sign: string) => {
    const button = element("button", {
      type: "button",
      className: "uzs-button uzs-button-quiet",
      title: name,
    });
    button.append(sign);
    button.setAttribute("aria-label", name);
    return button;
  };
  const undo = tool(t("Undo"), "↶");
  const redo = tool(t("Redo"), "↷");
  document.getElementById("plan-tools")?.append(" ", undo, " ", redo);
  /** Make what stands on the page a step that can be undone. */
  const step = () => {
    const next = JSON.stringify(read());
    if (next !== now) {
      past.push(now);
      past.splice(0, past.length - MOST_UNDO);
      undone.length = 0;
      now = next;
    }
    undo.disabled = past.length === 0;
    redo.disabled = undone.length === 0;
  };
  const back = (from: string[], to: string[], words: string) => {
    step();
    const wanted = from.pop();
    if (wanted === undefined) return;
    to.push(now);
    now = wanted;
    show(JSON.parse(wanted) as PlanDocument);
    undo.disabled = past.length === 0;
    redo.disabled = undone.length === 0;
    saving.change(read());
    write(announcer, words);
  };
  undo.addEventListener("click", () => back(past, undone, t("Undone.")));
  redo.addEventListener("click", () => back(undone, past, t("Done again.")));
  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || (key !== "z" && key !== "y")) return;
    const target = event.target as Partial<HTMLInputElement>;
    // While a text is typed, the browser's own undo is about its letters.
    const typing =
      target.tagName === "TEXTAREA" || (target.tagName === "INPUT" && target.type === "text");
    if (typing && JSON.stringify(read()) !== now) return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) back(undone, past, t("Done again."));
    else back(past, undone, t("Undone."));
  });

  // -- changes ------------------------------------------------------------------------------------
  const changed = () => {
    draw();
    step();
    saving.change(read());
  };
  const place = (card: HTMLLIElement, to: number) => {
    const others = cards().filter((other) => other !== card);
    list.insertBefore(card, others[Math.max(0, to)] ?? null);
    changed();
    const time = card.querySelector("[data-time] strong")?.textContent ?? "";
    const at = cards().indexOf(card) + 1;
    write(
      announcer,
      t("{title}: place {at} of {of}, {time}", {
        title: titleOf(card),
        at,
        of: cards().length,
        time,
      }),
    );
  };
  const act = (name: string, target: string) => {
    const card = cards().find((known) => known.dataset.row === target);
    if (name === "add") {
      if (cards().length >= MOST_BLOCKS)
        return write(announcer, t("A meeting has 24 blocks at most."));
      const known = new Set(cards().map((other) => other.dataset.row));
      let number = 1;
      while (known.has(`b${number}`)) number += 1;
      const added = fresh(`b${number}`);
      control(added, "kind").value = target;
      control(added, "drop").value = target === "buffer" ? "yes" : "no";
      const kind = control(added, "kind") as HTMLSelectElement;
      control(added, "title").value = kind.selectedOptions[0]?.text ?? "";
      list.append(added);
      changed();
      control(added, "title").focus();
    } else if (card && name === "remove") {
      const title = titleOf(card);
      const neighbour = cards()[cards().indexOf(card) + 1] ?? cards().at(-2);
      card.remove();
      changed();
      write(announcer, t("{title} is taken out. “Undo” brings it back.", { title }));
      neighbour?.querySelector<HTMLElement>('button[value^="remove."]')?.focus();
    } else if (card) {
      const at = cards().indexOf(card) + (name === "up" ? -1 : 1);
      place(card, at);
      const button = card.querySelector<HTMLButtonElement>(`button[value="${name}.${target}"]`);
      if (button?.hidden) card.querySelector<HTMLElement>("[data-handle]")?.focus();
      else button?.focus();
    }
  };
  function prepare(card: HTMLLIElement) {
    const handle = element("button", {
      type: "button",
      className: "uzs-button uzs-button-quiet uzm-handle",
    });
    handle.append("⠿");
    handle.dataset.handle = "";
    handle.setAttribute(
      "aria-label",
      t("Move with alt and the arrow keys, or drag: {title}", { title: titleOf(card) }),
    );
    handle.addEventListener("pointerdown", (event) => {
      startDrag(event, list, card.dataset.row ?? "", (index, moved) => {
        if (index !== null && moved && index !== cards().indexOf(card)) place(card, index);
      });
    });
    card.querySelector("[data-time]")?.before(handle);
  }
  for (const card of cards()) prepare(card);
  list.addEventListener("keydown", (event) => {
    if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return;
    const card = (event.target as Element).closest<HTMLLIElement>("li");
    if (!card) return;
    event.preventDefault();
    const to = cards().indexOf(card) + (event.key === "ArrowUp" ? -1 : 1);
    if (to < 0 || to >= cards().length) return;
    const focused = document.activeElement as HTMLElement | null;
    place(card, to);
    focused?.focus();
  });
  form.addEventListener("input", () => {
    draw();
    saving.change(read());
  });
  form.addEventListener("change", changed);
  form.addEventListener("submit", (event) => {
    const button = event.submitter as HTMLButtonElement | null;
    const [name = "save", target = ""] = (button?.value ?? "save").split(".");
    if (name === "save") {
      event.preventDefault();
      step();
      if (saving.settled) saving.change(read(), { wait: true });
      void saving.flush();
    } else if (["add", "remove", "up", "down"].includes(name)) {
      event.preventDefault();
      act(name, target);
    } else if (!saving.settled) {
      // Another version, or putting it away: what is written comes first.
      event.preventDefault();
      void saving.flush().then((saved) => {
        if (saved) form.requestSubmit(button);
      });
    }
  });

  const saving = savingWithLine(
    data,
    "plan",
    document.getElementById("plan-state") as Element,
    i18n,
  );
  step();
  draw();
  void saving.takeOver().then((left) => {
    if (left) {
      show(left as PlanDocument);
      step();
      saving.change(read());
      void saving.flush();
    } else if (form.dataset.typed !== undefined) saving.change(read());
  });
}
