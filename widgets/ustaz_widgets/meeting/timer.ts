/**
 * The timer for the facilitator's eyes. All that it needs is in the page, so it goes on without a
 * connection; how far the meeting is stays in the browser and is sent when there is one.
 */
import { element } from "../sync/element";
import { type PageData, randomId, readData, storage, write } from "./page";
import type { Run, View } from "./run";
import * as runs from "./run";
import { RunSync } from "./run-sync";
import { stayAwake, Tones } from "./signals";
import { type Block, clockOf, groupsOf, timetable } from "./timetable";

interface ShownBlock extends Block {
  text: string;
  say: string;
  material: string;
  lead: string;
}

interface TimerData extends PageData {
  log: string;
  zone: string;
  start: string;
  people: number;
  blocks: ShownBlock[];
  groupings: Record<string, string>;
  run: Run | null;
}

const two = (value: number) => String(value).padStart(2, "0");
const WARNING = 60;
const MOST_UNDO = 30;

export function timer(root: HTMLElement): void {
  const { data, i18n } = readData<TimerData>();
  const { t, n } = i18n;
  const plan = { start: data.start, people: data.people, blocks: data.blocks };
  if (plan.blocks.length === 0) return;
  const name = `${data.key.split(":run")[0]}:device`;
  const device = storage.read<string>(name) ?? randomId();
  storage.write(name, device);
  const tones = new Tones();
  const past: Run[] = [];
  let people = data.run?.people || data.people;
  /** What was drawn last: while it holds, only the clock is written. */
  let drawn = "";
  let sounded = "";

  const button = (words: string, press: () => void, look = "uzs-button uzs-button-quiet") => {
    const fresh = element("button", { type: "button", className: look }, words);
    fresh.addEventListener("click", press);
    return fresh;
  };
  const shownBlock = (id: string) => data.blocks.find((block) => block.id === id);
  const groupsText = (block: Block, count: number) => {
    if (block.kind !== "activity") return "";
    const sizes = groupsOf(block.grouping, count);
    const grouping = data.groupings[block.grouping] ?? "";
    return ["alone", "whole"].includes(block.grouping)
      ? grouping
      : `${grouping} (${sizes.join(" + ")})`;
  };
  const minutesText = (minutes: number) => n("{n} minute", "{n} minutes", minutes, { n: minutes });

  // -- the parts that stay ------------------------------------------------------------------------
  const stage = element("div");
  const state = element("p", { className: "uzs-quiet" });
  state.setAttribute("role", "status");
  const announcer = element("p", { className: "uzs-offscreen" });
  announcer.setAttribute("role", "status");
  const awake = element("p", { className: "uzs-quiet" });
  const sound = element("input", { type: "checkbox" });
  sound.addEventListener("change", () => {
    sound.checked = tones.switch(sound.checked);
  });
  const soundLine = element(
    "label",
    { className: "uzs-check" },
    sound,
    ` ${t("A tone when a block is over")}`,
  );
  root.replaceChildren(stage, soundLine, awake, state, announcer);

  const act = (change: (run: Run, now: number) => Run) => {
    const { run } = sync;
    if (!run) return;
    past.push(run);
    past.splice(0, past.length - MOST_UNDO);
    sync.set(change(run, Date.now()));
  };
  const takeBack = () => {
    const before = past.pop();
    if (before && sync.run) sync.set(runs.takenBack(before, sync.run, device));
  };
  const begin = () => {
    past.length = 0;
    sync.set(runs.begun(plan, device, Date.now(), sync.run, people));
  };

  const peopleLine = (count: number, set: (count: number) => void) => {
    const line = element("p", { className: "uzm-count" });
    const less = button("−", () => set(Math.max(1, count - 1)));
    less.setAttribute("aria-label", t("One fewer"));
    const more = button("+", () => set(Math.min(40, count + 1)));
    more.setAttribute("aria-label", t("One more"));
    line.append(t("People who have come"), " ", less, element("output", {}, String(count)), more);
    return line;
  };

  // -- before, while, after -----------------------------------------------------------------------
  const drawBefore = () => {
    const shown = timetable(plan);
    const first = plan.blocks[0] as Block;
    stage.replaceChildren(
      element(
        "p",
        { className: "uzs-lead" },
        t("Planned from {start} to {end}.", { start: plan.start, end: clockOf(shown.end) }),
      ),
      peopleLine(people, (count) => {
        people = count;
        redraw();
      }),
      element(
        "p",
        {},
        button(t("Begin: {title}", { title: first.title }), begin, "uzs-button uzm-next"),
      ),
      blockList(null),
    );
  };

  const blockList = (view: View | null) => {
    const list = element("ol", { className: "uzs-list" });
    const run = sync.run;
    for (const block of (view?.plan ?? plan).blocks) {
      const line = element(
        "li",
        {},
        element("bdi", {}, block.title),
        ` · ${minutesText(block.minutes)}`,
      );
      if (view?.current.id === block.id) line.setAttribute("aria-current", "step");
      const planned = shownBlock(block.id)?.minutes ?? block.minutes;
      const over = run && (run.spent[block.id] ?? 0) > 0;
      if (over) {
        const taken = Math.round((run.spent[block.id] ?? 0) / 60);
        const words = n("took {n} minute", "took {n} minutes", taken, { n: taken });
        line.append(` · ${words}`);
      }
      if (view && !over && block.minutes !== planned && block.id !== view.current.id) {
        line.append(
          " ",
          button(t("As planned"), () => act((now) => runs.taking(now, device, block.id, planned))),
        );
      }
      list.append(line);
    }
    return element("details", {}, element("summary", {}, t("All blocks")), list);
  };

  const clock = element("p", { className: "uzm-clock" });
  clock.setAttribute("role", "timer");
  clock.setAttribute("aria-live", "off");
  const clockWords = element("p");
  const endLine = element("p", { className: "uzs-lead" });
  let card = element("section");

  const drawRunning = (run: Run, view: View) => {
    const block = shownBlock(view.current.id) as ShownBlock;
    card = element("section", { className: "uzs-card" });
    card.setAttribute("aria-labelledby", "timer-title");
    const about = [groupsText(block, view.plan.people), block.lead, block.material]
      .filter(Boolean)
      .join(" · ");
    card.append(
      element("h2", { id: "timer-title" }, element("bdi", {}, block.title)),
      clock,
      clockWords,
    );
    const upcoming = view.next ? shownBlock(view.next.id) : null;
    const nextWords = upcoming
      ? t("Next: {title}", { title: upcoming.title })
      : t("End the meeting");
    const later = (minutes: number) => {
      const wanted = view.current.minutes + minutes;
      const stretch = button(`+${minutes}`, () =>
        act((now) => runs.taking(now, device, view.current.id, wanted)),
      );
      stretch.setAttribute(
        "aria-label",
        n("Stretch by {n} minute", "Stretch by {n} minutes", minutes, { n: minutes }),
      );
      return stretch;
    };
    const halt = run.stopped
      ? button(t("Go on"), () => act((known, now) => runs.goingOn(known, device, now)))
      : button(t("Stop"), () => act((known, now) => runs.stopped(known, device, now)));
    card.append(
      element("div", { className: "uzm-pair" }, later(1), later(5), halt),
      button(
        nextWords,
        () => act((known, now) => runs.next(plan, known, device, now)),
        "uzs-button uzm-next",
      ),
    );
    if (upcoming) {
      const after = [groupsText(upcoming, view.plan.people), upcoming.lead, upcoming.material]
        .filter(Boolean)
        .join(" · ");
      card.append(
        element(
          "p",
          { className: "uzs-quiet" },
          [minutesText(view.next?.minutes ?? 0), after].filter(Boolean).join(" · "),
        ),
      );
    }
    if (about) card.append(element("p", { className: "uzs-quiet" }, about));
    if (block.say) card.append(element("p", { className: "uzs-text" }, block.say));
    if (block.text) {
      const words = element("p", { className: "uzs-text" }, block.text);
      card.append(element("details", {}, element("summary", {}, t("What happens")), words));
    }
    const more = element("details", {}, element("summary", {}, t("More")));
    more.append(
      peopleLine(view.plan.people, (count) =>
        act((known) => runs.withPeople(known, device, count)),
      ),
      element(
        "p",
        {},
        button(t("End the meeting now"), () => act((known, now) => runs.ended(known, device, now))),
      ),
    );
    const back = button(t("Take the last press back"), takeBack);
    back.hidden = past.length === 0;
    stage.replaceChildren(endLine, card, ways(view), element("p", {}, back), more, blockList(view));
  };

  /** What was marked as a way to find time, open when the meeting is late. */
  const ways = (view: View): HTMLElement => {
    const list = element("ul", { className: "uzs-list" });
    for (const way of view.ways) {
      const words = way.minutes
        ? n("Shorten to {n} minute", "Shorten to {n} minutes", way.minutes, { n: way.minutes })
        : t("Leave out");
      const take = button(`${words}: ${way.block.title}`, () =>
        act((known) => runs.taking(known, device, way.block.id, way.minutes)),
      );
      const end = element("span", {}, t("The end is {end} then.", { end: clockOf(way.end) }));
      end.dataset.way = `${way.block.id}.${way.minutes}`;
      list.append(element("li", {}, take, " ", end));
    }
    if (view.ways.length === 0) return element("div");
    const details = element(
      "details",
      { open: view.late > 0 },
      element("summary", {}, t("To find time")),
      list,
    );
    details.dataset.ways = "";
    return details;
  };

  const drawAfter = (run: Run) => {
    const minutes = (block: Block) => Math.round((run.spent[block.id] ?? 0) / 60);
    const list = element("ul", { className: "uzs-list" });
    for (const block of plan.blocks) {
      const words = t("{planned} planned, {real} taken", {
        planned: block.minutes,
        real: minutes(block),
      });
      list.append(element("li", {}, element("bdi", {}, block.title), ` · ${words}`));
    }
    const end = runs.minuteAt(Date.parse(run.ended), data.zone);
    const log = element(
      "a",
      { className: "uzs-button uzm-next", href: data.log },
      t("Write the log"),
    );
    log.addEventListener("click", (event) => {
      if (sync.sent) return;
      // The log begins from what was timed: that goes first.
      event.preventDefault();
      void sync.send().then((sent) => {
        if (sent) location.assign(data.log);
      });
    });
    const back = button(t("Take the last press back"), takeBack);
    back.hidden = past.length === 0;
    stage.replaceChildren(
      element(
        "p",
        { className: "uzs-lead" },
        t("The meeting ended at {end}.", { end: clockOf(end) }),
      ),
      element("p", {}, log),
      list,
      element("p", { className: "uzs-actions" }, back, " ", button(t("Begin anew"), begin)),
    );
  };

  // -- each second --------------------------------------------------------------------------------
  const tick = (run: Run, view: View) => {
    const left = Math.abs(view.left);
    write(clock, `${view.left < 0 ? "+" : ""}${two(Math.floor(left / 60))}:${two(left % 60)}`);
    const intro = view.current.intro * 60 - view.spent;
    const words = run.stopped
      ? t("It stands still.")
      : view.left < 0
        ? t("The time of this block is over.")
        : intro > 0
          ? t("Instructions: {clock} left", {
              clock: `${two(Math.floor(intro / 60))}:${two(intro % 60)}`,
            })
          : "";
    write(clockWords, words);
    card.classList.toggle("uzm-over", view.left < 0 && !run.stopped);
    const late =
      view.late > 0
        ? n(
            "That is {n} minute later than planned.",
            "That is {n} minutes later than planned.",
            view.late,
            { n: view.late },
          )
        : view.late < 0
          ? n(
              "You have {n} minute to spare: stretch what goes well.",
              "You have {n} minutes to spare: stretch what goes well.",
              -view.late,
              { n: -view.late },
            )
          : t("You are in time.");
    const end = t("The meeting ends at {end}.", { end: clockOf(view.end) });
    write(endLine, `${end} ${late}`);
    for (const way of view.ways) {
      write(
        stage.querySelector(`[data-way="${way.block.id}.${way.minutes}"]`),
        t("The end is {end} then.", { end: clockOf(way.end) }),
      );
    }
    if (run.stopped) return;
    for (const [mark, at, times] of [
      ["warned", WARNING, 1],
      ["over", 0, 2],
    ] as const) {
      const key = `${mark}:${run.block}:${view.current.minutes}`;
      if (view.left > at || view.left < at - 5 || sounded.includes(`${key};`)) continue;
      sounded += `${key};`;
      tones.play(times);
      const title = view.next?.title ?? t("End the meeting");
      write(
        announcer,
        at
          ? t("One minute is left. Next: {title}", { title })
          : t("The time of this block is over. Next: {title}", { title }),
      );
    }
  };

  const redraw = () => {
    const { run } = sync;
    if (!run) drawBefore();
    else if (run.ended) drawAfter(run);
    else {
      const view = runs.view(plan, run, Date.now(), data.zone);
      // Not each second: somebody is about to press, and a screen reader is reading.
      const late = view.late > 0;
      const key = `${run.step}:${run.device}:${past.length}:${late}`;
      if (key !== drawn) {
        const active = document.activeElement;
        const held =
          active instanceof HTMLElement && stage.contains(active) ? active.textContent : null;
        drawRunning(run, view);
        // The clock and "Next" on the first screen of a telephone.
        if (!drawn) stage.scrollIntoView({ block: "start" });
        if (held !== null) {
          const same = [...stage.querySelectorAll("button")].find(
            (other) => other.textContent === held,
          );
          (same ?? stage.querySelector<HTMLElement>(".uzm-next"))?.focus();
        }
      }
      drawn = key;
      tick(run, view);
      return;
    }
    drawn = "";
  };
  const sayState = () => {
    write(
      state,
      sync.sent || !sync.run
        ? ""
        : sync.stored
          ? t(
              "There is no connection. The timer goes on; how far you are is kept in this browser and sent later.",
            )
          : t("There is no connection, and this browser keeps nothing: leave this page open."),
    );
  };
  const sync: RunSync = new RunSync(data, () => {
    redraw();
    sayState();
  });
  stayAwake((on) =>
    write(
      awake,
      on
        ? t("The screen stays awake while you see this page.")
        : t(
            "The screen may go dark by itself: set your telephone so that it stays on. The timer counts on meanwhile.",
          ),
    ),
  );
  for (const plain of document.querySelectorAll<HTMLElement>("[data-plain]")) plain.hidden = true;
  root.hidden = false;
  redraw();
  setInterval(() => {
    if (sync.run && !sync.run.ended) redraw();
  }, 1000);
}
