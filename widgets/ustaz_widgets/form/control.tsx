/** What stands around the control of every field kind: its props, whether it is needed, advice. */
import { requiredAt } from "../model/conditions";
import type { Field, Finding, Path, Row, Value } from "../model/types";
import { fieldId } from "./ids";
import type { Ctx } from "./types";

/** What every control receives. `id` is that of the control, or of its group. */
export interface ControlProps<F extends Field = Field> {
  field: F;
  id: string;
  path: Path;
  value: Value | undefined;
  ctx: Ctx;
  describedby: string | undefined;
  labelledby: string;
  /** Something shown beside it says that the value is wrong. */
  invalid?: true | undefined;
  set: (value: Value | undefined) => void;
}

/** A private question on the page of somebody who types in for its owner. */
export function ClosedField({ field, path, ctx }: { field: Field; path: Path; ctx: Ctx }) {
  return (
    <div class="uz-field uz-field--read" id={fieldId(ctx, path)} tabIndex={-1}>
      <p class="uz-label">{field.label}</p>
      <p class="uz-value uz-none">
        {ctx.t("Private: only the person whose workbook it is sees this and writes it.")}
      </p>
    </div>
  );
}

/** Whether an answer is needed, in words. */
export function Need({ field, ctx, row }: { field: Field; ctx: Ctx; row?: Row }) {
  const { t } = ctx;
  const level = requiredAt(field, ctx.store.answers, row);
  if (level === null && "by" in field) return null;
  const words =
    level === "ready" ? t("needed") : level === "submitted" ? t("needed to submit") : t("optional");
  return <span class="uz-need">{words}</span>;
}

export function Advice({ id, findings, ctx }: { id: string; findings: Finding[]; ctx: Ctx }) {
  // The element is always there: screen readers only announce what appears inside it.
  return (
    <div class="uz-advice" id={id} aria-live="polite">
      {findings.map((finding) => (
        <p key={`${finding.rule}-${finding.row}-${finding.column}`}>{ctx.message(finding)}</p>
      ))}
    </div>
  );
}
