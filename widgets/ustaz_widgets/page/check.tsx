/** "Check my answers": what is still open, each with a way to its place. */
import { Fragment } from "preact";
import { reveal } from "../form/ids";
import { fieldOf } from "../form/read";
import type { Ctx } from "../form/types";
import { rowsOf } from "../model/changes";
import { numbered } from "../model/numbered";
import type { Finding } from "../model/types";
import { Panel } from "./panels";

export function placeWords(ctx: Ctx, finding: Finding): string {
  const field = fieldOf(ctx, ctx.store.workbook, finding.field);
  if (!field) return finding.field;
  if (!("columns" in field) || finding.row === null) return field.label;
  const at = rowsOf(ctx.store.answers, field.id).findIndex((row) => row.id === finding.row);
  const column = field.columns.find((candidate) => candidate.id === finding.column);
  const row = numbered(field.row_name || ctx.t("Row"), at + 1, ctx.t);
  return column ? `${row}, ${column.label}` : row;
}

export function Findings({ ctx, only }: { ctx: Ctx; only?: (finding: Finding) => boolean }) {
  const sections = ctx.evaluation.sections
    .map((section) => ({
      id: section.id,
      findings: only ? section.findings.filter(only) : section.findings,
    }))
    .filter((section) => section.findings.length > 0);
  return (
    <ul class="uz-findings">
      {sections.map((section) => (
        <li key={section.id}>
          <h3>{ctx.definition.sections.find((candidate) => candidate.id === section.id)?.title}</h3>
          <ul>
            {grouped(ctx, section.findings).map(({ first, findings, text }) => (
              <li key={keyOf(first)}>
                {findings.length > 1 && `${placeWords(ctx, { ...first, column: null })}: `}
                {findings.map((finding, at) => (
                  <Fragment key={keyOf(finding)}>
                    {at > 0 && ", "}
                    <Place ctx={ctx} finding={finding} short={findings.length > 1} />
                  </Fragment>
                ))}{" "}
                {text}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

interface Group {
  first: Finding;
  findings: Finding[];
  text: string;
}

const keyOf = ({ field, row, column, rule }: Finding) => `${field}-${row}-${column}-${rule}`;

/** What is text of several cells of one row is text once: five empty cells are one line. */
function grouped(ctx: Ctx, findings: readonly Finding[]): Group[] {
  const groups = new Map<string, Group>();
  for (const finding of findings) {
    const text = ctx.message(finding);
    const cell = finding.row !== null && finding.column !== null;
    const key = cell ? JSON.stringify([finding.field, finding.row, text]) : keyOf(finding);
    const group = groups.get(key);
    if (group) group.findings.push(finding);
    else groups.set(key, { first: finding, findings: [finding], text });
  }
  return [...groups.values()];
}

function columnWords(ctx: Ctx, finding: Finding): string {
  const field = fieldOf(ctx, ctx.store.workbook, finding.field);
  const column =
    field &&
    "columns" in field &&
    field.columns.find((candidate) => candidate.id === finding.column);
  return column ? column.label : placeWords(ctx, finding);
}

function Place({ ctx, finding, short }: { ctx: Ctx; finding: Finding; short: boolean }) {
  const path = [finding.field, finding.row, finding.column].filter((part) => part !== null);
  return (
    <a
      href={`#${[ctx.uid, ...path].join("-")}`}
      aria-label={short ? placeWords(ctx, finding) : undefined}
      onClick={(event) => {
        event.preventDefault();
        reveal(ctx.uid, path as string[]);
      }}
    >
      {short ? columnWords(ctx, finding) : placeWords(ctx, finding)}
    </a>
  );
}

interface CheckProps {
  ctx: Ctx;
  turn: number;
  forReady: boolean;
  onClose: () => void;
}

export function CheckPanel({ ctx, turn, forReady: asked, onClose }: CheckProps) {
  const { t, n, evaluation } = ctx;
  const all = evaluation.sections.flatMap((section) => section.findings);
  const open = all.filter((finding) => finding.kind !== "advice");
  const forReady = open.filter((finding) => finding.at === "ready");
  return (
    <Panel id="uz-check" title={t("Check my answers")} i18n={ctx} turn={turn} onClose={onClose}>
      {asked && forReady.length > 0 && (
        <p class="uz-notice">{t("A few things are needed before it is ready.")}</p>
      )}
      <p>
        {t("{answered} of {of} answered", { answered: evaluation.answered, of: evaluation.of })}
      </p>
      {open.length === 0 ? (
        <p>{t("Everything that is needed is here.")}</p>
      ) : (
        <p>
          {n("{count} thing is still open.", "{count} things are still open.", open.length)}{" "}
          {forReady.length === 0 ? t("The workbook can be marked as ready already.") : ""}
        </p>
      )}
      {all.length > 0 && <Findings ctx={ctx} />}
    </Panel>
  );
}
