/** A value, read only: in read mode, in worked examples, in "yours / theirs". */
import { rowsOf, valueAt } from "../model/changes";
import { visible } from "../model/conditions";
import { splitReference } from "../model/definition";
import { placeOf } from "../model/transcription";
import type { Field, Path, Row, TableField, Value } from "../model/types";
import { people } from "./contacts";
import { EnteredMark } from "./transcription";
import type { Ctx } from "./types";
import { UserText } from "./user-text";

interface Props {
  field: Field;
  value: Value | Row | undefined;
  ctx: Ctx;
  /** Participant's own words carry their language; a translated example does not. */
  lang?: string;
  /** Words of a worked example: person references are plain text there. */
  example?: boolean;
}

export function isUnanswered(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value === "string") return value.trim() === "";
  if (Array.isArray(value))
    return value.every((item) => typeof item === "string" && isUnanswered(item));
  return false;
}

export function ReadValue({ field, value, ctx, lang, example = false }: Props) {
  const { t } = ctx;
  if (field.kind === "reference" && !example) return <ReferenceValue field={field} ctx={ctx} />;
  if (field.kind === "confirmation") return null;
  if (isUnanswered(value)) return <span class="uz-none">{t("No answer yet")}</span>;
  switch (field.kind) {
    case "choice":
      return <span>{labelOf(field.options, value)}</span>;
    case "choices":
      return (
        <ul class="uz-values">
          {list(value).map((id) => (
            <li key={id}>{labelOf(field.options, id)}</li>
          ))}
        </ul>
      );
    case "scale":
      return (
        <span>{value === null ? t("Cannot say") : scaleWords(field, Number(value), ctx)}</span>
      );
    case "date":
      return <time dateTime={String(value)}>{ctx.date(String(value))}</time>;
    case "list":
      return (
        <ul class="uz-values">
          {list(value).map((text, at) => (
            <li key={at}>
              <UserText text={text} i18n={ctx} {...(lang ? { lang } : {})} />
            </li>
          ))}
        </ul>
      );
    case "person": {
      const known = people(field, ctx);
      return (
        <ul class="uz-values">
          {list(value).map((id) => (
            <li key={id}>
              {id === "self" ? (
                t("me")
              ) : (
                <bdi>{example ? id : (known.get(id) ?? t("a contact that was removed"))}</bdi>
              )}
            </li>
          ))}
        </ul>
      );
    }
    case "table":
      return <ReadRows field={field} rows={value as Row[]} ctx={ctx} {...{ lang, example }} />;
    default:
      return <UserText text={String(value)} i18n={ctx} {...(lang ? { lang } : {})} />;
  }
}

function ReadRows(props: {
  field: TableField;
  rows: Row[];
  ctx: Ctx;
  lang?: string | undefined;
  example: boolean;
}) {
  const { field, rows, ctx, lang, example } = props;
  return (
    <ol class="uz-rows">
      {rows.map((row, at) => (
        <li key={row.id ?? at}>
          <ReadRow
            field={field}
            row={row}
            ctx={ctx}
            {...(lang ? { lang } : {})}
            example={example}
          />
        </li>
      ))}
    </ol>
  );
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

function ReferenceValue({ field, ctx }: { field: Field & { kind: "reference" }; ctx: Ctx }) {
  const { workbook, id } = splitReference(field.to);
  const target = fieldOf(ctx, workbook, id);
  const value = ctx.stores[workbook]?.answers[id];
  if (!target || isUnanswered(value))
    return <span class="uz-none">{ctx.t("Not written yet")}</span>;
  return (
    <ReadValue
      field={target}
      value={value}
      ctx={{ ...ctx, store: ctx.stores[workbook] ?? ctx.store }}
      lang={ctx.stores[workbook]?.document.lang ?? ctx.writing}
    />
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
  if (field?.kind !== "table" || rowId === undefined) {
    return { field, where: field?.label ?? id };
  }
  const at = rowsOf(ctx.store.answers, id).findIndex((row) => row.id === rowId);
  const cell = field.columns.find((candidate) => candidate.id === column);
  const name = `${field.row_name || ctx.t("Row")}${at < 0 ? "" : ` ${at + 1}`}`;
  return { field: column ? cell : field, where: cell ? `${name}: ${cell.label}` : name };
}

export function currentValue(ctx: Ctx, path: Path): Value | undefined {
  return valueAt(ctx.store.answers, path) as Value | undefined;
}

function list(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String).filter((item) => item.trim() !== "");
}

function labelOf(options: { id: string; label: string }[], id: unknown): string {
  return options.find((option) => option.id === id)?.label ?? String(id);
}

function scaleWords(field: Field & { kind: "scale" }, value: number, ctx: Ctx): string {
  const words = value === field.from ? field.low : value === field.to ? field.high : null;
  const figure = ctx.t("{value} of {to}", { value, to: field.to });
  return words ? `${figure} (${words})` : figure;
}
