/** A value, read only: in read mode, in worked examples, in "yours / theirs". */
import { rowsOf, valueAt } from "../model/changes";
import { visible } from "../model/conditions";
import { rulesOf } from "../model/kinds";
import { numbered } from "../model/numbered";
import { placeOf } from "../model/transcription";
import type { Field, Path, Row, TableField, Value } from "../model/types";
import { formOf, type ReadingProps } from "./kinds/base";
import { EnteredMark } from "./transcription";
import type { Ctx } from "./types";

export function isUnanswered(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value))
    return value.every((entry) => typeof entry === "string" && isUnanswered(entry));
  // Of answers in parts: nothing was said of any topic.
  return typeof value === "object" && value !== null && Object.keys(value).length === 0;
}

export function ReadValue(props: ReadingProps) {
  const { field, value, ctx, example } = props;
  const { Reading } = formOf(field);
  const elsewhere = !rulesOf(field).stored && !example;
  if (!elsewhere && isUnanswered(value))
    return <span class="uz-none">{ctx.t("No answer yet")}</span>;
  return <Reading {...props} />;
}

export function ReadRow(props: {
  field: TableField;
  row: Row;
  ctx: Ctx;
  lang?: string;
  example?: boolean;
  /** Where the row stands, when it is not a row of an example or of an earlier version. */
  path?: Path;
}) {
  const { field, row, ctx, lang, example = false, path } = props;
  return (
    <dl class="uz-row">
      {field.columns
        .filter(
          (column) => visible(column, ctx.store.answers, row) && !isUnanswered(row[column.id]),
        )
        .map((column) => (
          <div key={column.id}>
            <dt>{column.label}</dt>
            <dd>
              <ReadValue
                field={column}
                value={row[column.id]}
                ctx={ctx}
                example={example}
                {...(lang ? { lang } : {})}
              />
              {path ? (
                <EnteredMark place={placeOf([...path, column.id])} ctx={ctx} short={true} />
              ) : null}
            </dd>
          </div>
        ))}
    </dl>
  );
}

/** A field of this or a linked workbook's definition. */
export function fieldOf(ctx: Ctx, workbook: string, id: string): Field | undefined {
  return ctx.definitions[workbook]?.sections
    .flatMap((section) => section.fields ?? [])
    .find((field) => field.id === id);
}

/** The value at a path, with the field that describes it. */
export function described(ctx: Ctx, path: Path): { field: Field | undefined; where: string } {
  const [id = "", rowId, column] = path;
  const field = fieldOf(ctx, ctx.store.workbook, id);
  if (!field || !("columns" in field) || rowId === undefined) {
    return { field, where: field?.label ?? id };
  }
  const at = rowsOf(ctx.store.answers, id).findIndex((row) => row.id === rowId);
  const cell = field.columns.find((candidate) => candidate.id === column);
  const kind = field.row_name || ctx.t("Row");
  const name = at < 0 ? kind : numbered(kind, at + 1, ctx.t);
  return { field: column ? cell : field, where: cell ? `${name}: ${cell.label}` : name };
}

export function currentValue(ctx: Ctx, path: Path): Value | undefined {
  return valueAt(ctx.store.answers, path) as Value | undefined;
}
