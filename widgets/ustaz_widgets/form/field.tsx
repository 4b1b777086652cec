/**
 * One field (or one cell of a table): label, help, control, advice.
 *
 * Advice appears after the field was left or when the person asks for a check, never while a first
 * sentence is being typed; it says what helps and blames nobody.
 */
import { valueAt } from "../model/changes";
import { visible } from "../model/conditions";
import { isInvalid } from "../model/findings";
import { isClosed, placeOf } from "../model/transcription";
import type { Value } from "../model/types";
import { Advice, ClosedField, Need } from "./control";
import { fieldId } from "./ids";
import { formOf } from "./kinds";
import { ReadValue } from "./read";
import { EnteredChip, EnteredMark, markId } from "./transcription";
import type { FieldViewProps } from "./types";

export function FieldView({ field, path, ctx, row, quiet = false }: FieldViewProps) {
  const { answers } = ctx.store;
  if (!visible(field, answers, row)) return null;
  if (ctx.typist && isClosed(field)) return <ClosedField field={field} path={path} ctx={ctx} />;
  const value = valueAt(answers, path) as Value | undefined;
  const { Whole, Control, single, count } = formOf(field);
  if (Whole) return <Whole field={field} path={path} ctx={ctx} FieldView={FieldView} />;
  const id = fieldId(ctx, path);
  if (ctx.mode === "read") {
    return (
      <div class="uz-field uz-field--read" id={id} tabIndex={-1}>
        <p class={quiet ? "uz-hidden" : "uz-label"}>{field.label}</p>
        <div class="uz-value">
          {ctx.store.document.withheld?.includes(field.id) ? (
            <span class="uz-none">
              {ctx.t("Private: only the person who wrote it can see this.")}
            </span>
          ) : (
            <ReadValue field={field} value={value} ctx={ctx} lang={ctx.writing} />
          )}
        </div>
        <EnteredMark place={placeOf(path)} ctx={ctx} />
      </div>
    );
  }
  const findings = ctx.findingsFor(path[0] as string, path[1] ?? null, path[2] ?? null);
  const helpId = field.help ? `${id}-help` : "";
  const countId = count?.(field) ? `${id}-count` : "";
  const describedby = [helpId, markId(placeOf(path), ctx, id), countId, `${id}-advice`]
    .filter(Boolean)
    .join(" ");
  const set = (next: Value | undefined) =>
    ctx.store.edit(
      next === undefined ? { op: "clear", path } : { op: "set", path, value: next },
      field.label,
    );
  const control = Control ? (
    <Control
      {...{ field, id, path, value, ctx, describedby, set }}
      labelledby={`${id}-label`}
      invalid={isInvalid(findings)}
    />
  ) : null;
  const label = (
    <>
      {field.label} <Need field={field} ctx={ctx} {...(row ? { row } : {})} />
      <EnteredChip place={placeOf(path)} ctx={ctx} />
    </>
  );
  const help = (
    <>
      {field.help ? (
        <p class="uz-help" id={helpId}>
          {field.help}
        </p>
      ) : null}
      <EnteredMark place={placeOf(path)} ctx={ctx} id={`${id}-entered`} short={!!row} />
    </>
  );
  const left = (event: FocusEvent) => {
    const inside = event.currentTarget as Element;
    if (event.relatedTarget instanceof Node && inside.contains(event.relatedTarget)) return;
    ctx.leave(path);
    ctx.store.flush();
  };
  const advice = <Advice id={`${id}-advice`} findings={findings} ctx={ctx} />;
  if (single) {
    return (
      <div class="uz-field" onFocusOut={left}>
        <label class={quiet ? "uz-hidden" : "uz-label"} for={id} id={`${id}-label`}>
          {label}
        </label>
        {help}
        {control}
        {advice}
      </div>
    );
  }
  return (
    <fieldset class="uz-field" id={id} aria-describedby={describedby} onFocusOut={left}>
      <legend class={quiet ? "uz-hidden" : "uz-label"} id={`${id}-label`}>
        {label}
      </legend>
      {help}
      {control}
      {advice}
    </fieldset>
  );
}
