/** Beside an answer: who typed it in, when, and whether its owner has confirmed it. */
import { useRef } from "preact/hooks";
import { markAt } from "../model/transcription";
import type { Mark } from "../model/types";
import type { Ctx } from "./types";

interface Props {
  /** `field`, `table/row/column` or `table#order`. */
  place: string;
  ctx: Ctx;
  id?: string;
  /** In a table: there are many, so without the day. */
  short?: boolean;
}

/** What describes a control beside its help: the id of the mark, where one is shown. */
export function markId(place: string, ctx: Ctx, id: string): string {
  const mark = markAt(ctx.store.document.entered, place);
  return mark && !ctx.typist && mark.confirmed_at === null ? `${id}-entered` : "";
}

export function EnteredMark({ place, ctx, id, short = false }: Props) {
  const mark = markAt(ctx.store.document.entered, place);
  const waited = useRef(false);
  const own = ctx.mode === "edit" && !ctx.typist;
  if (own && mark?.confirmed_at === null) waited.current = true;
  if (ctx.typist || (own && mark?.confirmed_at)) return null;
  // The line stays while the owner types over the answer, so that nothing moves under the hand.
  if (!mark && !(own && waited.current)) return null;
  return (
    <p class="uz-entered" id={id}>
      <span aria-hidden="true">✎ </span>
      {mark ? words(mark, ctx, short, own) : ctx.t("Changed by you: it is your own answer now.")}
    </p>
  );
}

function words(mark: Mark, ctx: Ctx, short: boolean, own: boolean): string {
  const { t, date } = ctx;
  const name = mark.by_name;
  const day = mark.at ? date(mark.at) : "";
  if (own || (short && !mark.confirmed_at)) {
    return short || !day
      ? t("Typed in by {name}, not confirmed yet", { name })
      : t("Typed in by {name} on {date}, not confirmed yet", { name, date: day });
  }
  if (!mark.confirmed_at) {
    return t("Typed in by {name} on {date}, not confirmed yet", { name, date: day });
  }
  return short
    ? t("Typed in by {name}, confirmed", { name })
    : t("Typed in by {name} on {date}, confirmed on {confirmed}", {
        name,
        date: day,
        confirmed: date(mark.confirmed_at),
      });
}

/** In the label, for whoever types in: no line more, so that nothing moves while typing. */
export function EnteredChip({ place, ctx }: { place: string; ctx: Ctx }) {
  if (!ctx.typist || !markAt(ctx.store.document.entered, place)) return null;
  return (
    <>
      {" "}
      <span class="uz-entered-chip">{ctx.t("typed in, marked")}</span>
    </>
  );
}
