/** Earlier versions: look at one, bring it back, and take that back again. */
import { useEffect, useState } from "preact/hooks";
import { fieldOf, isUnanswered, ReadValue } from "../form/read";
import type { Ctx } from "../form/types";
import { exactTime } from "../model/dates";
import { languageByLetters } from "../model/letters";
import type { Answers } from "../model/types";
import type { Api, HistoryEntry } from "../sync/api";
import type { DocumentStore } from "../sync/store";
import { problemOf } from "../sync/transport";
import { Panel } from "./panels";
import { problemWords } from "./save-state";

const PAGE = 20;

interface Props {
  ctx: Ctx;
  api: Api;
  turn: number;
  onClose: () => void;
}

export function HistoryPanel({ ctx, api, turn, onClose }: Props) {
  const { t } = ctx;
  const store = ctx.store as DocumentStore;
  const [entries, setEntries] = useState<HistoryEntry[] | null>(null);
  const [shown, setShown] = useState(PAGE);
  const [look, setLook] = useState<{ revision: number; answers: Answers } | null>(null);
  const [undo, setUndo] = useState<number | null>(null);
  const [words, setWords] = useState("");

  const attempt = async (run: () => Promise<void>) => {
    try {
      setWords("");
      await run();
    } catch (error) {
      const problem = problemOf(error);
      setWords(problem.message ?? problemWords(problem, ctx));
    }
  };
  const load = () =>
    attempt(async () => {
      const versions = await api.history();
      setEntries([...versions].sort((a, b) => b.revision - a.revision));
    });
  useEffect(() => void load(), [store.revision]);

  const restore = (revision: number, back = false) =>
    attempt(async () => {
      // What waits to be saved would otherwise come on top of the old version.
      if (!(await store.whenSettled())) {
        setWords(t("Something is not saved yet. Please try again when it is."));
        return;
      }
      const before = store.revision;
      const saved = await api.restore(revision, back);
      if (saved.document) store.take(saved.document, saved.saved_at);
      else await store.refresh();
      setLook(null);
      // Nothing new was made of it: there is nothing to take back.
      setUndo(back || saved.revision === before ? null : saved.revision);
      const stays = saved.conflicts.length > 0;
      if (stays) setWords(t("What was changed elsewhere since then stays as it is."));
      ctx.announce(back ? t("Undone.") : t("The earlier version is back."));
    });

  const list = entries?.slice(0, shown) ?? [];
  return (
    <Panel id="uz-history" title={t("Earlier versions")} i18n={ctx} turn={turn} onClose={onClose}>
      <p>
        {t(
          "Every saved version is kept. Bringing one back makes a new version; nothing is deleted.",
        )}
      </p>
      <div role="status">{words ? <p>{words}</p> : null}</div>
      {undo !== null && (
        <p class="uz-undo">
          {t("The earlier version is back.")}{" "}
          <button
            type="button"
            class="uz-button uz-button--small"
            onClick={() => restore(undo, true)}
          >
            {t("Undo")}
          </button>
        </p>
      )}
      {entries === null && words === "" && <p>{t("Loading…")}</p>}
      {entries?.length === 0 && <p class="uz-none">{t("Nothing has been saved yet.")}</p>}
      <ol class="uz-history" reversed>
        {list.map((entry, at) => (
          <li key={entry.revision}>
            <p>
              <time dateTime={entry.at}>{exactTime(entry.at, ctx.lang)}</time>
              {entry.who_name ? (
                <>
                  {" · "}
                  <bdi lang={languageByLetters(entry.who_name, ctx.lang)}>{entry.who_name}</bdi>
                </>
              ) : null}
              {at === 0 && !entry.aside ? ` · ${t("now")}` : ""}
            </p>
            {entry.aside ? (
              <p>{t("A text that gave way to another one. It is kept only here.")}</p>
            ) : null}
            <p class="uz-meta">{labels(entry, ctx)}</p>
            {(at > 0 || entry.aside) && (
              <div class="uz-actions">
                <button
                  type="button"
                  class="uz-button uz-button--small"
                  aria-expanded={look?.revision === entry.revision}
                  onClick={() =>
                    look?.revision === entry.revision
                      ? setLook(null)
                      : attempt(async () => {
                          const answers = await api.revision(entry.revision);
                          setLook({ revision: entry.revision, answers });
                        })
                  }
                >
                  {t("Look at the version of {time}", {
                    time: exactTime(entry.at, ctx.lang),
                  })}
                </button>
                <button
                  type="button"
                  class="uz-button uz-button--small"
                  onClick={() => restore(entry.revision)}
                >
                  {t("Bring it back")}
                </button>
              </div>
            )}
            {look?.revision === entry.revision && <Version answers={look.answers} ctx={ctx} />}
          </li>
        ))}
      </ol>
      {entries && entries.length > shown && (
        <button type="button" class="uz-button" onClick={() => setShown(shown + PAGE)}>
          {t("Show more")}
        </button>
      )}
    </Panel>
  );
}

/** Which questions a version touched, by their labels. */
function labels(entry: HistoryEntry, ctx: Ctx): string {
  const ids = (entry.paths ?? []).map((path) =>
    (Array.isArray(path) ? String(path[0]) : path.split(/[/#]/)[0] || "").trim(),
  );
  const touched = [...new Set(ids)]
    .map((id) => fieldOf(ctx, ctx.store.workbook, id)?.label)
    .filter((label) => label !== undefined);
  const few = touched.slice(0, 3).join(" · ");
  return touched.length > 3 ? `${few} …` : few;
}

function Version({ answers, ctx }: { answers: Answers; ctx: Ctx }) {
  const { t } = ctx;
  const fields = ctx.definition.sections
    .flatMap((section) => section.fields ?? [])
    .filter((field) => !isUnanswered(answers[field.id]));
  if (fields.length === 0) return <p class="uz-none">{t("This version is empty.")}</p>;
  return (
    <dl class="uz-version">
      {fields.map((field) => (
        <div key={field.id}>
          <dt>{field.label}</dt>
          <dd>
            <ReadValue field={field} value={answers[field.id]} ctx={ctx} lang={ctx.writing} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
