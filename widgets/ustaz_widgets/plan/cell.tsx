/** One cell of a step: the form's own input, the form's own reading, and its value as a short text. */

import { Advice, ClosedField, type ControlProps, Need } from "../form/control";
import { fieldId } from "../form/ids";
import { formOf } from "../form/kinds";
import { isUnanswered, ReadValue } from "../form/read";
import { EnteredChip, EnteredMark, markId } from "../form/transcription";
import type { Ctx } from "../form/types";
import { showControls } from "../form/user-text";
import { isInvalid } from "../model/findings";
import { isClosed, markAt, placeOf } from "../model/transcription";
import type { Field, Path, Row, Value } from "../model/types";

export interface CellProps {
  column: Field;
  value: Value | undefined;
  ctx: Ctx;
}

/** A cell to read. In a table's column the header names it; elsewhere it brings its own label. */
export function CellText(props: CellProps & { labelled: boolean; path: Path }) {
  const { column, value, ctx, labelled, path } = props;
  const empty = isUnanswered(value);
  return (
    <div class="uz-plan-cell-text">
      <span
        class={labelled ? "uz-plan-cell-label" : "uz-plan-cell-label uz-plan-cell-label-narrow"}
      >
        {column.label}
      </span>
      {empty ? (
        <span class="uz-none">
          <span aria-hidden="true">–</span>
          <span class="uz-hidden">{ctx.t("No answer yet")}</span>
        </span>
      ) : (
        <ReadValue field={column} value={value} ctx={ctx} lang={ctx.writing} />
      )}
      <EnteredMark place={placeOf(path)} ctx={ctx} short={true} />
    </div>
  );
}

const SHORT = 60;

/** The value in one short line; "" when there is none. */
export function cellText(column: Field, value: Value | undefined, ctx: Ctx): string {
  if (isUnanswered(value) || value === null) {
    return "";
  }
  const brief = formOf(column).brief?.(column, value as Value, ctx);
  if (brief !== undefined) return brief;
  const words = (Array.isArray(value) ? value : [value]).map(String).join(", ");
  const text = showControls(words).replace(/\s+/g, " ").trim();
  return text.length > SHORT ? `${text.slice(0, SHORT).trimEnd()}…` : text;
}

interface InputProps extends CellProps {
  row: Row;
  path: Path;
  /** "Step 3": every control names its row, for those who do not see it. */
  rowName: string;
  /** In the short part of a row: the column's heading shows the label, its help stands elsewhere. */
  lead: boolean;
}

/** A cell to fill in: the form's own controls, with the row's name in the label. */
export function CellInput({ column, row, value, path, rowName, ctx, lead }: InputProps) {
  const id = fieldId(ctx, path);
  const helpId = column.help ? (lead ? columnHelpId(ctx, path, column) : `${id}-help`) : "";
  const describedby = [helpId, markId(placeOf(path), ctx, id), `${id}-advice`]
    .filter(Boolean)
    .join(" ");
  const findings = ctx.findingsFor(path[0] as string, row.id, column.id);
  const set = (next: Value | undefined) =>
    ctx.store.edit(
      next === undefined ? { op: "clear", path } : { op: "set", path, value: next },
      column.label,
    );
  const left = (event: FocusEvent) => {
    const cell = event.currentTarget as Element;
    if (!(event.relatedTarget instanceof Node && cell.contains(event.relatedTarget))) {
      ctx.leave(path);
      ctx.store.flush();
    }
  };
  const label = (
    <>
      <span class="uz-hidden">{rowName}: </span>
      {column.label} {lead ? null : <Need field={column} ctx={ctx} row={row} />}
      <EnteredChip place={placeOf(path)} ctx={ctx} />
    </>
  );
  const labelClass = lead ? "uz-label uz-plan-cell-label-narrow" : "uz-label";
  // In a table's columns the label is not seen, and with it what it says of typing in.
  const typed = ctx.typist && markAt(ctx.store.document.entered, placeOf(path)) !== undefined;
  const boxClass = typed ? "uz-field uz-field--entered" : "uz-field";
  const rest = (
    <>
      {column.help && !lead ? (
        <p class="uz-help" id={helpId}>
          {column.help}
        </p>
      ) : null}
      <Control
        {...{ column, id, path, value, ctx, describedby, set }}
        labelledby={`${id}-label`}
        invalid={isInvalid(findings)}
      />
      <EnteredMark place={placeOf(path)} ctx={ctx} id={`${id}-entered`} short={true} />
      <Advice id={`${id}-advice`} findings={findings} ctx={ctx} />
    </>
  );
  if (ctx.typist && isClosed(column)) return <ClosedField field={column} path={path} ctx={ctx} />;
  const { single, Narrow } = formOf(column);
  return !single && !Narrow ? (
    <fieldset class={boxClass} id={id} aria-describedby={describedby} onFocusOut={left}>
      <legend class={labelClass} id={`${id}-label`}>
        {label}
      </legend>
      {rest}
    </fieldset>
  ) : (
    <div class={boxClass} onFocusOut={left}>
      <label class={labelClass} for={id} id={`${id}-label`}>
        {label}
      </label>
      {rest}
    </div>
  );
}

/** Where the help of a column is written, once for all rows. */
export function columnHelpId(ctx: Ctx, path: Path, column: Field): string {
  return `${fieldId(ctx, path.slice(0, 1))}-about-${column.id}`;
}

function Control({ column, ...props }: Omit<ControlProps, "field"> & { column: Field }) {
  const { Narrow, Control: Full } = formOf(column);
  const Input = Narrow ?? Full;
  return Input ? <Input {...props} field={column} /> : null;
}
