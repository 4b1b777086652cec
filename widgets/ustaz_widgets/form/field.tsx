/**
 * One field (or one cell of a table): label, help, control, advice.
 *
 * Advice appears after the field was left or when the person asks for a check, never while a first
 * sentence is being typed; it says what helps and blames nobody.
 */
import type { ComponentChildren } from "preact";
import { valueAt } from "../model/changes";
import { visible } from "../model/conditions";
import { isInvalid } from "../model/findings";
import { isClosed, placeOf } from "../model/transcription";
import type { Field, Path, Row, Value } from "../model/types";
import { ChoiceInput, ChoicesInput } from "./choice";
import { ConfirmationValue } from "./confirmation";
import { Advice, ClosedField, type ControlProps, Need } from "./control";
import { DateInput } from "./date";
import { fieldId } from "./ids";
import { ListInput } from "./list";
import { PersonInput } from "./person";
import { ReadValue } from "./read";
import { ReferenceView } from "./reference";
import { tableComponent } from "./registry";
import { ScaleInput } from "./scale";
import { Cards } from "./table";
import { TextInput } from "./text";
import { EnteredChip, EnteredMark, markId } from "./transcription";
import type { Ctx, FieldViewProps } from "./types";

/** Kinds whose label belongs to one control; the others are groups with a legend. */
const SINGLE = new Set(["text", "date"]);

export function FieldView({ field, path, ctx, row, quiet = false }: FieldViewProps) {
  const { answers } = ctx.store;
  if (!visible(field, answers, row)) return null;
  if (ctx.typist && isClosed(field)) return <ClosedField field={field} path={path} ctx={ctx} />;
  const value = valueAt(answers, path) as Value | undefined;
  if (field.kind === "table") return <TableView field={field} path={path} ctx={ctx} />;
  if (field.kind === "reference") return <ReferenceView field={field} path={path} ctx={ctx} />;
  if (field.kind === "confirmation") {
    return <ConfirmationValue field={field} path={path} ctx={ctx} />;
  }
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
  const countId = field.kind === "text" && (field.min || field.max) ? `${id}-count` : "";
  const describedby = [helpId, markId(placeOf(path), ctx, id), countId, `${id}-advice`]
    .filter(Boolean)
    .join(" ");
  const set = (next: Value | undefined) =>
    ctx.store.edit(
      next === undefined ? { op: "clear", path } : { op: "set", path, value: next },
      field.label,
    );
  const control = controlOf({
    field,
    id,
    path,
    value,
    ctx,
    describedby,
    labelledby: `${id}-label`,
    invalid: isInvalid(findings),
    set,
  });
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
  if (SINGLE.has(field.kind)) {
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

function controlOf(props: ControlProps): ComponentChildren {
  const { field } = props;
  switch (field.kind) {
    case "text":
      return <TextInput {...props} field={field} />;
    case "choice":
      return <ChoiceInput {...props} field={field} />;
    case "choices":
      return <ChoicesInput {...props} field={field} />;
    case "scale":
      return <ScaleInput {...props} field={field} />;
    case "date":
      return <DateInput {...props} field={field} />;
    case "list":
      return <ListInput {...props} field={field} />;
    case "person":
      return <PersonInput {...props} field={field} />;
    default:
      return null;
  }
}

function TableView({
  field,
  path,
  ctx,
}: {
  field: Field & { kind: "table" };
  path: Path;
  ctx: Ctx;
}) {
  const id = fieldId(ctx, path);
  const rows = (valueAt(ctx.store.answers, path) ?? []) as Row[];
  const Table = tableComponent(field.component) ?? Cards;
  const findings = ctx.findingsFor(field.id);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset around a whole table is announced at each cell
    <div
      class="uz-field uz-field--table"
      id={id}
      role="group"
      aria-labelledby={`${id}-label`}
      tabIndex={-1}
    >
      <h3 class="uz-label" id={`${id}-label`}>
        {field.label} {ctx.mode === "edit" && <Need field={field} ctx={ctx} />}
      </h3>
      {field.help && ctx.mode === "edit" ? <p class="uz-help">{field.help}</p> : null}
      <EnteredMark place={`${field.id}#order`} ctx={ctx} />
      <Table
        field={field}
        rows={rows}
        path={path}
        onChange={(change) => ctx.store.edit(change, field.label)}
        findings={findings}
        mode={ctx.mode}
        lang={ctx.lang}
        ctx={ctx}
        FieldView={FieldView}
      />
      {ctx.mode === "edit" && <Advice id={`${id}-advice`} findings={findings} ctx={ctx} />}
    </div>
  );
}
