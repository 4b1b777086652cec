/** What the server did not take while it took the rest: to be copied, tried again, or dropped. */
import { useRef } from "preact/hooks";
import { reveal } from "../form/ids";
import { described } from "../form/read";
import type { Ctx } from "../form/types";
import { pathOf } from "../model/changes";
import type { Change } from "../model/types";
import type { Refused } from "../sync/journal";
import type { DocumentStore } from "../sync/store";
import { Shown } from "./comparison";
import { useIds } from "./ids";
import { Panel } from "./panels";

/** The words in a value, as they were typed: not what a long text is cut to on the page. */
function wordsIn(value: unknown): string {
  if (typeof value === "string") return value;
  if (value === null || typeof value !== "object") return "";
  return Object.values(value).map(wordsIn).filter(Boolean).join("\n");
}

const written = (change: Change) => ("value" in change ? change.value : undefined);

/** Put text into the clipboard; a page without a secure address has only the older way. */
async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    const before = document.activeElement as HTMLElement | null;
    area.value = text;
    area.className = "uz-hidden";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    before?.focus();
    return done;
  }
}

export function UnsentList({ store, ctx }: { store: DocumentStore; ctx: Ctx }) {
  const { t } = ctx;
  if (store.refused.length === 0) return null;
  const all = store.refused.map((refusal) => wordsIn(written(refusal.change))).filter(Boolean);
  return (
    <Panel id="uz-refused" title={t("Not saved on the server")} i18n={ctx} focus={false}>
      <p>
        {t(
          "The server did not take the following. It stays in this browser, also when you close the page. Everything else is saved as usual. To be safe, copy the words.",
        )}
      </p>
      {all.length > 1 && <Copy text={all.join("\n\n")} words={t("Copy all of it")} ctx={ctx} />}
      <ul class="uz-choices">
        {store.refused.map((refusal) => (
          <li key={refusal.id}>
            <RefusedChange refusal={refusal} store={store} ctx={ctx} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function RefusedChange({
  refusal,
  store,
  ctx,
}: {
  refusal: Refused;
  store: DocumentStore;
  ctx: Ctx;
}) {
  const { t } = ctx;
  const named = useIds();
  const list = useRef<HTMLDivElement>(null);
  const { field, where } = described(ctx, pathOf(refusal.change));
  const text = wordsIn(written(refusal.change));
  const leave = (what: string, act: () => void) => {
    act();
    ctx.announce(what);
    // What is left of the list, or the place that it was about.
    const next = document.getElementById(`${named("uz-refused")}-title`);
    if (store.refused.length > 0 && next) next.focus();
    else reveal(ctx.uid, pathOf(refusal.change));
  };
  return (
    <>
      <h3>{where}</h3>
      <div ref={list}>
        {refusal.change.op === "remove_row" ? (
          <p>{t("Removed")}</p>
        ) : refusal.change.op === "move_row" ? (
          <p>{t("Moved to another place")}</p>
        ) : (
          <Shown value={written(refusal.change)} field={field} ctx={ctx} />
        )}
      </div>
      {refusal.aside ? (
        <p class="uz-meta">{t("You chose the other text. This one was to go into the history.")}</p>
      ) : null}
      {refusal.message ? <p class="uz-meta">{refusal.message}</p> : null}
      <div class="uz-actions">
        {text ? <Copy text={text} words={t("Copy the words")} where={where} ctx={ctx} /> : null}
        <button
          type="button"
          class="uz-button"
          aria-label={`${t("Try again")}: ${where}`}
          onClick={() => leave(t("It is being sent again."), () => store.sendAgain(refusal.id))}
        >
          {t("Try again")}
        </button>
        <button
          type="button"
          class="uz-button"
          aria-label={`${t("Take off the list")}: ${where}`}
          onClick={() => leave(t("It is off the list."), () => store.forget(refusal.id))}
        >
          {t("Take off the list")}
        </button>
      </div>
    </>
  );
}

function Copy(props: { text: string; words: string; where?: string; ctx: Ctx }) {
  const { text, words, where, ctx } = props;
  const { t } = ctx;
  return (
    <button
      type="button"
      class="uz-button"
      {...(where ? { "aria-label": `${words}: ${where}` } : {})}
      onClick={async () => {
        const done = await copied(text);
        ctx.announce(
          done
            ? t("Copied.")
            : t("It could not be copied. Select the words and copy them yourself."),
        );
      }}
    >
      {words}
    </button>
  );
}
