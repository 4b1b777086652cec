/** Submitting: what goes, what stays, then the receipt. */
import { useEffect, useRef, useState } from "preact/hooks";
import { useMark } from "../form/print";
import { described } from "../form/read";
import type { Ctx } from "../form/types";
import { pathOf } from "../model/changes";
import { submissionContent } from "../model/submission-content";
import { open as notConfirmed } from "../model/transcription";
import type { Round } from "../model/types";
import type { Api, Receipt } from "../sync/api";
import type { DocumentStore } from "../sync/store";
import { type Problem, problemOf } from "../sync/transport";
import { Findings } from "./check";
import { useIds } from "./ids";
import { Panel } from "./panels";
import { Privacy } from "./privacy";
import { problemWords } from "./save-state";

interface Props {
  ctx: Ctx;
  api: Api;
  stores: DocumentStore[];
  rounds: Round[];
  turn: number;
  guarded: typeof import("./guarded") | null | undefined;
  onClose: () => void;
  /** Told with the receipt what it was given for: writing goes on while it is under way. */
  onSent: (receipt: Receipt, what: unknown) => void;
}

type Stage =
  | { at: "ask" }
  | { at: "sending" }
  | { at: "waiting"; problem: Problem | null; places: string[] }
  | { at: "again"; words: string }
  | { at: "failed"; words: string }
  | { at: "done"; receipt: Receipt };

export function SubmitPanel(props: Props) {
  const { ctx, api, stores, rounds, turn, guarded, onClose, onSent } = props;
  const { t, n } = ctx;
  const named = useIds();
  const [stage, setStage] = useState<Stage>({ at: "ask" });
  const [all, setAll] = useState(false);
  // Asked for once more after a receipt: a new question, not the old answer.
  useEffect(() => {
    if (stage.at !== "done") return;
    setAll(false);
    setStage({ at: "ask" });
  }, [turn]);
  const { evaluation } = ctx;
  const findings = evaluation.sections.flatMap((section) => section.findings);
  const open = findings.filter((finding) => finding.kind !== "advice");
  const unread = stores.flatMap((store) => notConfirmed(store.document.entered)).length;
  const last = rounds.at(-1);
  const others = Object.values(ctx.definitions)
    .filter((definition) => definition.id !== ctx.definition.id)
    .map((definition) => definition.title);

  const send = async (confirm: boolean) => {
    setStage({ at: "sending" });
    const settled = await Promise.all(stores.map((store) => store.whenSettled()));
    if (settled.includes(false)) {
      const problem = stores.find((store) => store.problem)?.problem ?? null;
      setStage({ at: "waiting", problem, places: placesOf(stores, ctx) });
      return;
    }
    const own = ctx.store as DocumentStore;
    const what = submissionContent(
      ctx.definition,
      ctx.definitions,
      (workbook) => ctx.stores[workbook]?.answers,
    );
    try {
      const receipt = await api.submit(own.revision, confirm);
      setStage({ at: "done", receipt });
      onSent(receipt, what);
    } catch (error) {
      const problem = problemOf(error);
      const words = [problem.message, problem.hint].filter(Boolean).join(" ");
      if (problem.status === 409 && problem.error !== "newer") {
        setStage({ at: "again", words: words || t("Something has changed meanwhile.") });
      } else {
        // In whatever way it failed: what was written is kept, and nothing has arrived.
        const why = words || `${problemWords(problem, ctx)} ${t("Nothing was submitted yet.")}`;
        setStage({ at: "failed", words: why });
      }
    }
  };

  if (stage.at === "done") {
    return <ReceiptPanel receipt={stage.receipt} ctx={ctx} onClose={onClose} />;
  }
  return (
    <Panel id="uz-submit" title={t("Submit")} i18n={ctx} turn={turn} onClose={onClose}>
      {last?.current ? (
        <p>
          {t(
            "What is sent is the same as in round {round}: its receipt holds. What stays with you is not compared.",
            { round: last.round },
          )}
        </p>
      ) : null}
      <h3>{t("What is sent")}</h3>
      <ul>
        {ctx.definition.sections.map((section) => {
          const counts = evaluation.sections.find((counted) => counted.id === section.id);
          return (
            <li key={section.id}>
              {section.title}
              {counts && counts.of > 0
                ? `: ${t("{answered} of {of} answered", { answered: counts.answered, of: counts.of })}`
                : ""}
            </li>
          );
        })}
      </ul>
      {others.length > 0 && (
        <p>
          {t(
            "With it goes only what your answers refer to in: {workbooks}. People whom no answer names are not sent.",
            { workbooks: others.join(" · ") },
          )}
        </p>
      )}
      <Privacy ctx={ctx} />
      {guarded ? (
        <guarded.GuardList ctx={ctx} />
      ) : (
        guarded === null && (
          <p class="uz-notice">
            {t(
              "Names and phone numbers could not be looked for just now. Please read through what you send.",
            )}
          </p>
        )
      )}
      {unread > 0 && (
        <p class="uz-notice">
          {n(
            "One answer was typed in by somebody else, and you have not confirmed it yet. It is better to read it first; it is above the first section.",
            "{count} answers were typed in by somebody else, and you have not confirmed them yet. It is better to read them first; they are listed above the first section.",
            unread,
          )}
        </p>
      )}
      {open.length > 0 && (
        <>
          <h3>{t("What is still open")}</h3>
          <Findings ctx={ctx} only={(finding) => finding.kind !== "advice"} />
          <div class="uz-option">
            <input
              type="checkbox"
              id={named("uz-submit-all")}
              checked={all}
              onChange={(event) => setAll(event.currentTarget.checked)}
            />
            <label for={named("uz-submit-all")}>
              {t("I know that something is still open, and submit all the same.")}
            </label>
          </div>
        </>
      )}
      {stores.some((store) => store.refused.length > 0) && (
        <div class="uz-notice">
          <p>
            {t(
              "The server did not take the following, so it is not part of what is sent. It is listed above the first section.",
            )}
          </p>
          <Places places={placesOf(stores, ctx)} />
        </div>
      )}
      <div role="status">
        {stage.at === "sending" && <p>{t("Sending…")}</p>}
        {stage.at === "waiting" && (
          <p>
            {stage.problem
              ? problemWords(stage.problem, ctx)
              : t("Please choose first between the texts that were changed elsewhere.")}{" "}
            {t("Nothing was submitted yet.")}
          </p>
        )}
        {stage.at === "waiting" && stage.places.length > 0 && (
          <>
            <p>{t("Not saved yet:")}</p>
            <Places places={stage.places} />
          </>
        )}
        {(stage.at === "failed" || stage.at === "again") && <p>{stage.words}</p>}
      </div>
      <div class="uz-actions">
        <button
          type="button"
          class="uz-button uz-button--main"
          aria-disabled={stage.at === "sending" || (open.length > 0 && !all)}
          onClick={() => {
            if (stage.at === "sending") return;
            if (open.length > 0 && !all) {
              document.getElementById(named("uz-submit-all"))?.focus();
              ctx.announce(t("Please tick the box first, or fill in what is still open."));
              return;
            }
            void send(stage.at === "again" || open.length > 0);
          }}
        >
          {stage.at === "again" ? t("Submit all the same") : t("Submit now")}
        </button>
        <button type="button" class="uz-button" onClick={onClose}>
          {t("Not yet")}
        </button>
      </div>
    </Panel>
  );
}

/** Which answers the server does not have. */
function placesOf(stores: readonly DocumentStore[], ctx: Ctx): string[] {
  const places = stores.flatMap((store) =>
    store.unsent.map((change) => described({ ...ctx, store }, pathOf(change)).where),
  );
  return [...new Set(places)].filter((place) => !place.startsWith("#"));
}

function Places({ places }: { places: string[] }) {
  return (
    <ul>
      {places.map((place) => (
        <li key={place}>{place}</li>
      ))}
    </ul>
  );
}

export function ReceiptPanel(props: { receipt: Receipt; ctx: Ctx; onClose: () => void }) {
  const { receipt, ctx, onClose } = props;
  const { t } = ctx;
  const root = useRef<HTMLDListElement>(null);
  useMark(root, ".uz-page", "data-receipt");
  return (
    <Panel id="uz-receipt" title={t("Receipt")} i18n={ctx} onClose={onClose}>
      <p>
        {receipt.repeated
          ? t(
              "What is sent is the same as in round {round}: its receipt holds. What stays with you is not compared.",
              { round: receipt.round },
            )
          : t("Submitted. Your answers have arrived and were read back.")}
      </p>
      <dl class="uz-receipt" ref={root}>
        <div>
          <dt>{t("Workbook")}</dt>
          <dd>{ctx.definition.title}</dd>
        </div>
        <div>
          <dt>{t("Round")}</dt>
          <dd>{receipt.round}</dd>
        </div>
        <div>
          <dt>{t("Received")}</dt>
          <dd>
            {ctx.date(receipt.received_at)}, {ctx.time(receipt.received_at).split(", ").at(-1)}
          </dd>
        </div>
        {receipt.late && (
          <div>
            <dt>{t("Late")}</dt>
            <dd>{t("It came after the date; this costs nothing.")}</dd>
          </div>
        )}
        <div>
          <dt>{t("Answers")}</dt>
          <dd>
            {t("{answered} of {of} answered", { answered: receipt.answered, of: receipt.of })}
          </dd>
        </div>
        {receipt.readers && (
          <div>
            <dt>{t("Who reads it")}</dt>
            <dd>{receipt.readers}</dd>
          </div>
        )}
        {receipt.feedback_by && (
          <div>
            <dt>{t("Feedback")}</dt>
            <dd>{receipt.feedback_by}</dd>
          </div>
        )}
        <div>
          <dt>{t("Code")}</dt>
          <dd>
            <code>{receipt.code}</code>
          </dd>
        </div>
      </dl>
      <div class="uz-actions">
        {receipt.page ? (
          <a class="uz-button" href={receipt.page}>
            {t("Open the receipt, to keep or to print")}
          </a>
        ) : (
          <button type="button" class="uz-button" onClick={() => window.print()}>
            {t("Print")}
          </button>
        )}
      </div>
    </Panel>
  );
}
