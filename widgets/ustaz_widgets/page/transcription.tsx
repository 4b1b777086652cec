/** Above the sections: what was typed in and waits to be read; and on whose page one is typing. */
import { useState } from "preact/hooks";
import { reveal } from "../form/ids";
import { described, isUnanswered } from "../form/read";
import type { Ctx } from "../form/types";
import { valueAt } from "../model/changes";
import { open, pathOfPlace } from "../model/transcription";
import type { I18n, Mark } from "../model/types";
import type { Api } from "../sync/api";
import type { DocumentStore } from "../sync/store";
import { problemOf } from "../sync/transport";
import { Panel } from "./panels";
import { problemWords } from "./save-state";

function waiting(ctx: Ctx): Mark[] {
  return open(ctx.store.document.entered);
}

interface Props {
  here: Ctx[];
  api: Api;
  i18n: I18n;
}

/** For the owner: who typed in what, and the way to confirm all that stands here. */
export function EnteredPanel({ here, api, i18n }: Props) {
  const { t, n } = i18n;
  const [words, setWords] = useState("");
  const [done, setDone] = useState(false);
  const [busy, setBusy] = useState(false);
  const all = here.flatMap((ctx) => waiting(ctx).map((mark) => ({ mark, ctx })));
  if (all.length === 0) {
    return done ? (
      <p class="uz-notice" role="status">
        {t("Thank you. It is noted with the time that you have confirmed it.")}
      </p>
    ) : null;
  }
  const confirm = async () => {
    if (busy) return;
    setBusy(true);
    setWords("");
    // What the person has before their eyes now, and nothing that arrives a moment later.
    const shown = here.map((ctx) => ({ ctx, marks: waiting(ctx) }));
    try {
      for (const { ctx, marks } of shown) {
        const store = ctx.store as DocumentStore;
        if (marks.length === 0) continue;
        if (!(await store.whenSettled())) {
          setWords(t("Something is not saved yet. Please try again when it is."));
          return;
        }
        const seen = Object.fromEntries(marks.map((mark) => [mark.place, mark.revision]));
        const { document } = await api.confirmEntered(store.workbook, seen);
        store.take(document);
      }
      setDone(true);
      here[0]?.announce(t("Thank you. It is noted with the time that you have confirmed it."));
      document.querySelector<HTMLElement>(".uz-header h1")?.focus();
    } catch (error) {
      const problem = problemOf(error);
      const message = [problem.message, problem.hint].filter(Boolean).join(" ");
      await Promise.all(shown.map(({ ctx }) => (ctx.store as DocumentStore).refresh()));
      setWords(message || problemWords(problem, i18n));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Panel id="uz-entered" title={t("Typed in from your paper")} i18n={i18n} focus={false}>
      {sentences(
        all.map(({ mark }) => mark),
        i18n,
      ).map((sentence) => (
        <p key={sentence}>{sentence}</p>
      ))}
      <ul class="uz-entered-list">
        {here.flatMap((ctx) =>
          items(ctx).map(({ path, where, empty }) => (
            <li key={`${ctx.uid}-${path.join("-")}`}>
              <a
                href={`#${[ctx.uid, ...path].join("-")}`}
                onClick={(event) => {
                  if (reveal(ctx.uid, path)) event.preventDefault();
                }}
              >
                {where}
              </a>
              {empty ? <span class="uz-meta"> · {t("emptied")}</span> : null}
            </li>
          )),
        )}
      </ul>
      <p>{t("If something is not as you wrote it, change it in its place. Then it is yours.")}</p>
      <div role="status">{words ? <p class="uz-notice">{words}</p> : null}</div>
      <div class="uz-actions">
        <button
          type="button"
          class="uz-button uz-button--main"
          aria-disabled={busy}
          onClick={() => void confirm()}
        >
          {n("It is as I wrote it", "They are as I wrote them", all.length)}
        </button>
      </div>
    </Panel>
  );
}

/** One sentence for each person and day. */
function sentences(marks: Mark[], { n, date }: I18n): string[] {
  const groups = new Map<string, { name: string; date: string; count: number }>();
  for (const mark of marks) {
    const day = mark.at ? date(mark.at) : "";
    const group = groups.get(`${mark.by} ${day}`) ?? { name: mark.by_name, date: day, count: 0 };
    groups.set(`${mark.by} ${day}`, { ...group, count: group.count + 1 });
  }
  return [...groups.values()].map(({ name, date: day, count }) =>
    day
      ? n(
          "{name} typed in one answer from your paper on {date}. Please read it.",
          "{name} typed in {count} answers from your paper on {date}. Please read them.",
          count,
          { name, date: day },
        )
      : n(
          "{name} typed in one answer from your paper. Please read it.",
          "{name} typed in {count} answers from your paper. Please read them.",
          count,
          { name },
        ),
  );
}

interface Item {
  path: string[];
  where: string;
  empty: boolean;
}

/** The marked answers; the cells of one row are one line. */
function items(ctx: Ctx): Item[] {
  const lines = new Map<string, Item>();
  for (const mark of waiting(ctx)) {
    const path = pathOfPlace(mark.place);
    const line = path.slice(0, 2);
    const key = mark.place.endsWith("#order") ? mark.place : line.join("/");
    const before = lines.get(key);
    const table = path.length > 1 ? `${described(ctx, path.slice(0, 1)).where}, ` : "";
    const { where, field } = described(ctx, path);
    if (mark.place.endsWith("#order")) {
      lines.set(key, { path, where: `${where}: ${ctx.t("the order")}`, empty: false });
    } else if (before) {
      lines.set(key, { ...before, where: `${before.where} · ${field?.label ?? ""}` });
    } else {
      const empty = path.length === 1 && isUnanswered(valueAt(ctx.store.answers, path));
      lines.set(key, { path: line, where: table + where, empty });
    }
  }
  return [...lines.values()];
}
