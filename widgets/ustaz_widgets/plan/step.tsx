/** One step: a row of the wide table, a card on a narrow screen; the same elements in both. */
import { fieldId } from "../form/ids";
import type { Ctx } from "../form/types";
import type { Field, Mode, Path } from "../model/types";
import { CellInput, CellText, cellText } from "./cell";
import { CellBox, Group, Line, RowHead } from "./grid";
import { RowMenu } from "./menu";
import { overdueText, type Step } from "./model";
import { isAsked, isShown, type Roles } from "./roles";
import { SIGNS } from "./status";
import { barKeys, type ChartProps, Marks, StepBar } from "./timeline";

export interface StepActions {
  onToggle: (id: string) => void;
  onAddAfter: (id: string) => void;
  onDuplicate: (id: string) => void;
  onRemove: (id: string) => void;
  onMove: (id: string, to: number) => void;
  onHandleDown: (event: PointerEvent, id: string) => void;
  onHandleClick: (event: MouseEvent, id: string) => void;
  onHandleKey: (event: KeyboardEvent, id: string) => void;
  onHandleBlur: (id: string) => void;
}

export interface StepProps {
  ctx: Ctx;
  mode: Mode;
  path: Path;
  step: Step;
  count: number;
  lead: readonly Field[];
  details: readonly Field[];
  roles: Roles<Field>;
  open: boolean;
  lifted: boolean;
  full: boolean;
  chart: Omit<ChartProps, "steps"> | null;
  actions: StepActions;
  /** Let others open this row's menu. */
  menus: Map<string, () => void>;
}

/** What stands for moments comes with this script: the page's first style is small. */
const HINT = {
  position: "absolute",
  bottom: "calc(100% + 0.3rem)",
  insetInlineStart: "0.5rem",
  zIndex: "4",
  padding: "0.2rem 0.6rem",
  borderRadius: "0.4rem",
  background: "var(--uz-plan-ink)",
  color: "var(--uz-plan-paper)",
  fontSize: "0.9rem",
  whiteSpace: "nowrap",
} as const;

export function StepRow(props: StepProps) {
  const { ctx, mode, step, lead, details, roles, open, lifted, chart } = props;
  const late = overdueText(step, ctx.n);
  const { answers } = ctx.store;
  const shown = details.filter((column) => isShown(column, answers, step.row));
  const asked = shown.filter((column) => isAsked(column, answers, step.row));
  const written = shown.filter((column) => cellText(column, step.row[column.id], ctx) !== "");
  const editing = mode === "edit";
  const below = editing ? (open ? shown : asked) : written;
  return (
    <Group
      id={fieldId(ctx, [...props.path, step.id])}
      class="uz-plan-step"
      {...(editing ? {} : { tabIndex: -1 })}
      data-row={step.id}
      data-tone={step.tone}
      data-lifted={lifted ? "" : undefined}
    >
      <Line class="uz-plan-step-row">
        <RowHead class="uz-plan-step-head">
          <span class="uz-plan-step-kind">{step.name}</span>
          <span class="uz-plan-step-short" aria-hidden="true">
            {step.number}
          </span>
          <span class="uz-plan-step-sign" aria-hidden="true">
            {SIGNS[step.tone]}
          </span>
        </RowHead>
        {editing ? (
          <CellBox class="uz-plan-step-tools">
            <Handle {...props} />
            {lifted ? (
              // The same in every language; screen readers are told in words.
              <span style={HINT} aria-hidden="true">
                <kbd>↑</kbd> <kbd>↓</kbd> · <kbd>Enter</kbd> ✓ · <kbd>Esc</kbd> ↩
              </span>
            ) : null}
            <Menu {...props} />
          </CellBox>
        ) : null}
        {lead.map((column) => (
          <CellBox
            key={column.id}
            class="uz-plan-cell"
            data-column={column.id}
            data-kind={column.kind}
            data-role={column === roles.title ? "title" : undefined}
          >
            <Cell {...props} column={column} />
            {column === roles.due && late ? <p class="uz-plan-late-note">{late}</p> : null}
          </CellBox>
        ))}
        <CellBox class="uz-plan-cell-track">
          {chart === null ? null : (
            <span class="uz-plan-track">
              <Marks scale={chart.scale} today={chart.today} frame={chart.frame} />
              <StepBar {...chart} step={step} onKey={(event) => barKeys(event, chart.onActive)} />
            </span>
          )}
        </CellBox>
      </Line>
      {editing || below.length > 0 ? (
        <Line class="uz-plan-step-more">
          <CellBox class="uz-plan-step-details">
            {below.length > 0 ? (
              <div class="uz-plan-step-fields" id={`${ctx.uid}-${step.id}-more`}>
                {below.map((column) => (
                  <div
                    key={column.id}
                    class="uz-plan-cell"
                    data-column={column.id}
                    data-kind={"long" in column && column.long ? "long" : column.kind}
                  >
                    <Cell {...props} column={column} detail />
                  </div>
                ))}
              </div>
            ) : null}
            {editing ? <DetailsToggle {...props} columns={shown} /> : null}
          </CellBox>
        </Line>
      ) : null}
    </Group>
  );
}

function Cell(props: StepProps & { column: Field; detail?: boolean }) {
  const { ctx, mode, step, column, path, detail = false } = props;
  const value = step.row[column.id];
  return mode === "read" ? (
    <CellText {...{ column, value, ctx }} labelled={detail} path={[...path, step.id, column.id]} />
  ) : (
    <CellInput
      {...{ column, value, ctx }}
      row={step.row}
      path={[...path, step.id, column.id]}
      rowName={step.name}
      lead={!detail}
    />
  );
}

function Handle({ ctx, step, lifted, actions }: StepProps) {
  const { t } = ctx;
  return (
    <button
      type="button"
      class="uz-plan-handle"
      data-part="handle"
      aria-label={t("Move: {name}", { name: step.name })}
      aria-describedby={`${ctx.uid}-plan-move`}
      aria-pressed={lifted}
      onPointerDown={(event) => actions.onHandleDown(event, step.id)}
      onClick={(event) => actions.onHandleClick(event, step.id)}
      onKeyDown={(event) => actions.onHandleKey(event, step.id)}
      onBlur={() => actions.onHandleBlur(step.id)}
      onContextMenu={(event) => event.preventDefault()}
    >
      <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
        <path
          d="M5.5 3v.1M10.5 3v.1M5.5 8v.1M10.5 8v.1M5.5 13v.1M10.5 13v.1"
          class="uz-plan-icon-dots"
        />
      </svg>
    </button>
  );
}

function Menu({ ctx, step, count, full, actions, menus }: StepProps) {
  const { t } = ctx;
  const { id } = step;
  const at = step.number - 1;
  return (
    <RowMenu
      label={t("More for: {name}", { name: step.name })}
      opener={(open) => menus.set(id, open)}
      items={[
        {
          id: "up",
          label: t("Move up"),
          run: () => actions.onMove(id, at - 1),
          disabled: at === 0,
        },
        {
          id: "down",
          label: t("Move down"),
          run: () => actions.onMove(id, at + 1),
          disabled: at === count - 1,
        },
        {
          id: "add",
          label: t("Add a step below"),
          run: () => actions.onAddAfter(id),
          disabled: full,
        },
        { id: "copy", label: t("Duplicate"), run: () => actions.onDuplicate(id), disabled: full },
        { id: "remove", label: t("Remove this step"), run: () => actions.onRemove(id) },
      ]}
    />
  );
}

/** Opens the long fields; closed, it says in one line what they hold. */
function DetailsToggle({ ctx, step, open, columns, actions }: StepProps & { columns: Field[] }) {
  const { t } = ctx;
  const { answers } = ctx.store;
  const parts = columns.flatMap((column) => {
    const text = isAsked(column, answers, step.row)
      ? ""
      : cellText(column, step.row[column.id], ctx);
    return text === "" ? [] : [{ id: column.id, text }];
  });
  const empty = columns.filter(
    (column) => column.required && cellText(column, step.row[column.id], ctx) === "",
  );
  return (
    <button
      type="button"
      class="uz-plan-details-toggle"
      data-part="details"
      aria-expanded={open}
      aria-controls={open ? `${ctx.uid}-${step.id}-more` : undefined}
      onClick={() => actions.onToggle(step.id)}
    >
      <span class="uz-plan-details-arrow" aria-hidden="true" />
      <span class="uz-hidden">{step.name}: </span>
      <span>
        {open ? t("Fewer details") : null}
        {open || parts.length > 0 ? null : (
          <span class="uz-plan-details-part">{t("More details")}</span>
        )}
        {open
          ? null
          : parts.map((part) => (
              <bdi key={part.id} class="uz-plan-details-part">
                {part.text}
              </bdi>
            ))}
        {open || empty.length === 0 ? null : (
          <span class="uz-plan-details-open">
            {t("still open: {fields}", {
              fields: empty.map((column) => column.label).join(", "),
            })}
          </span>
        )}
      </span>
    </button>
  );
}
