/** Below the last section: check, mark as ready, submit, earlier versions, language of writing. */

import type { Ctx } from "../form/types";
import type { PageData } from "../model/page-data";
import type { Round } from "../model/types";
import type { DocumentStore } from "../sync/store";
import { NAMES } from "./header";
import { useIds } from "./ids";
import { Panel } from "./panels";

export type PanelName = "check" | "submit" | "history";

/** Which panel stands below the buttons. */
export interface Opened {
  panel: PanelName | null;
  /** Counts how often one was asked for. */
  turn: number;
  /** The check was opened because something is needed before the workbook is ready. */
  forReady: boolean;
}

interface Props {
  ctx: Ctx;
  data: PageData;
  rounds: Round[];
  panel: PanelName | null;
  onOpen: (panel: PanelName, forReady?: boolean) => void;
}

export function Actions({ ctx, data, rounds, panel, onOpen }: Props) {
  const { t, evaluation } = ctx;
  const named = useIds();
  const store = ctx.store as DocumentStore;
  const { status } = store.document;
  const submits = data.assignment !== false && !ctx.definition.companion;
  // Submitted as it stands: there is nothing to mark, and nothing that waits to be sent.
  const sent = submits && rounds.at(-1)?.current === true;
  const ready = () => {
    if (status === "ready") {
      store.edit({ op: "status", value: "draft" });
      ctx.announce(t("It is a draft again."));
    } else if (evaluation.level === "draft") {
      onOpen("check", true);
      ctx.announce(t("A few things are needed before it is ready."));
      return;
    } else {
      store.edit({ op: "status", value: "ready" });
      ctx.announce(t("Marked as ready. Your facilitator can see that."));
    }
    store.flush();
  };
  if (ctx.typist) {
    return (
      <div class="uz-finish">
        <Panel id="uz-finish" title={t("When you have finished")} i18n={ctx} focus={false}>
          <p>
            {t("Everything is saved by itself. {name} finds it marked on the next visit.", {
              name: data.person?.name ?? "",
            })}
          </p>
          <div class="uz-actions">
            <Opens name="check" panel={panel} onOpen={onOpen} words={t("Check the answers")} />
          </div>
        </Panel>
      </div>
    );
  }
  return (
    <div class="uz-finish">
      <Panel id="uz-finish" title={t("When you have finished")} i18n={ctx} focus={false}>
        <p>{statusWords(status, rounds, ctx)}</p>
        <div class="uz-actions">
          <Opens name="check" panel={panel} onOpen={onOpen} words={t("Check my answers")} />
          {!sent && (
            <button type="button" class="uz-button" onClick={ready}>
              {status === "ready" ? t("Make it a draft again") : t("Mark as ready")}
            </button>
          )}
          {submits && (
            <Opens name="submit" panel={panel} onOpen={onOpen} words={t("Submit")} main={!sent} />
          )}
          <Opens name="history" panel={panel} onOpen={onOpen} words={t("Earlier versions")} />
        </div>
        {submits && !sent && (
          <p class="uz-help">
            {t("“Mark as ready” tells your facilitator. “Submit” sends it, and you get a receipt.")}
          </p>
        )}
        {(data.languages?.length ?? 0) > 1 && (
          <p class="uz-writing">
            <label for={named("uz-writing")}>{t("I write my answers in")}</label>{" "}
            <select
              id={named("uz-writing")}
              class="uz-input uz-input--short"
              value={ctx.writing}
              onChange={(event) => store.edit({ op: "lang", value: event.currentTarget.value })}
            >
              {data.languages?.map((lang) => (
                <option key={lang} value={lang} lang={lang}>
                  {NAMES[lang] ?? lang}
                </option>
              ))}
            </select>
          </p>
        )}
        {data.share && (
          <p>
            <a class="uz-link" href={data.share}>
              {t("Show it to others")}
            </a>
          </p>
        )}
        {data.home && (
          <a class="uz-link" href={`${data.home}workbooks/${data.workbook}/saved`}>
            {t("Read, print or download it")}
          </a>
        )}
      </Panel>
    </div>
  );
}

function Opens(props: {
  name: PanelName;
  panel: PanelName | null;
  words: string;
  main?: boolean;
  onOpen: (panel: PanelName) => void;
}) {
  const { name, panel, words, main = false, onOpen } = props;
  return (
    <button
      type="button"
      class={main ? "uz-button uz-button--main" : "uz-button"}
      aria-expanded={panel === name}
      onClick={() => onOpen(name)}
    >
      {words}
    </button>
  );
}

function statusWords(status: string, rounds: Round[], { t, time, date }: Ctx): string {
  const last = rounds.at(-1);
  if (last) {
    const when = { round: last.round, date: date(last.received_at) };
    if (last.feedback) return t("Feedback has come for round {round}, submitted on {date}.", when);
    if (last.current) {
      const sent = t("Submitted on {date}, round {round}.", when);
      return last.late ? `${sent} ${t("It came after the date; this costs nothing.")}` : sent;
    }
    return t(
      "Round {round} was submitted on {date} and stays as it was. You have changed something since; you need not submit again.",
      { ...when, time: time(last.received_at) },
    );
  }
  return status === "ready"
    ? t("Marked as ready. You can still change everything.")
    : t("This is a draft. Nobody waits for it, and nothing has to be perfect.");
}
