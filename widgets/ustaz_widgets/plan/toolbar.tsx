/** The smaller pieces around the steps: the empty plan, the note of a removal, help with keys. */
import { Fragment } from "preact";
import type { Ctx } from "../form/types";
import type { Field, Path } from "../model/types";
import { columnHelpId } from "./cell";
import { CellBox, Group, Line } from "./grid";

/** An empty plan offers a beginning instead of an empty table. */
export function Start(props: { ctx: Ctx; count: number; onStart: () => void; onAdd: () => void }) {
  const { ctx, count, onStart, onAdd } = props;
  const { t, n } = ctx;
  return (
    <div class="uz-plan-start">
      <p>
        {t(
          "No steps yet. Begin with one small thing, or with a first set that you can change freely.",
        )}
      </p>
      <div class="uz-plan-tools">
        {count > 0 ? (
          <button
            type="button"
            class="uz-button uz-button--main"
            data-part="start"
            onClick={onStart}
          >
            {n("Start with {count} step", "Start with {count} steps", count)}
          </button>
        ) : null}
        <button type="button" class="uz-button" data-part="add" onClick={onAdd}>
          <span aria-hidden="true">+ </span>
          {t("Add a step")}
        </button>
      </div>
    </div>
  );
}

/** What each column asks for, once instead of in every row; the controls refer to it. */
export function About({ ctx, path, columns }: { ctx: Ctx; path: Path; columns: readonly Field[] }) {
  const helped = columns.filter((column) => column.help);
  return helped.length === 0 ? null : (
    <details class="uz-plan-about">
      <summary>{ctx.t("What goes where")}</summary>
      <dl>
        {helped.map((column) => (
          <Fragment key={column.id}>
            <dt>{column.label}</dt>
            <dd id={columnHelpId(ctx, path, column)}>{column.help}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}

/** Stands where the step stood, until something else is done. No time limit: people read slowly. */
export function RemovedNote(props: {
  ctx: Ctx;
  name: string;
  onUndo: () => void;
  onClose: () => void;
}) {
  const { t } = props.ctx;
  return (
    <Group class="uz-plan-removed">
      <Line>
        <CellBox class="uz-plan-removed-cell">
          <span>{t("Removed: {name}.", { name: props.name })}</span>
          <button type="button" class="uz-button" data-part="put-back" onClick={props.onUndo}>
            {t("Undo")}
          </button>
          <button
            type="button"
            class="uz-plan-icon-button"
            aria-label={t("Close this message")}
            onClick={props.onClose}
          >
            <span aria-hidden="true">×</span>
          </button>
        </CellBox>
      </Line>
    </Group>
  );
}

interface ToolsProps {
  ctx: Ctx;
  full: boolean;
  empty: boolean;
  onAdd: () => void;
  onUndo: () => void;
  onRedo: () => void;
}

/** Below the steps: add, undo, redo, and how it all works with keys. */
export function Tools({ ctx, full, empty, onAdd, onUndo, onRedo }: ToolsProps) {
  const { t, store } = ctx;
  return (
    <div class="uz-plan-tools">
      {empty ? null : (
        <button
          type="button"
          class="uz-button uz-button--main"
          data-part="add"
          aria-disabled={full ? "true" : undefined}
          onClick={full ? undefined : onAdd}
        >
          <span aria-hidden="true">+ </span>
          {t("Add a step")}
        </button>
      )}
      <span class="uz-plan-undo">
        <UndoButton label={t("Undo")} sign="↶" able={store.canUndo} run={onUndo} part="undo" />
        <UndoButton label={t("Redo")} sign="↷" able={store.canRedo} run={onRedo} part="redo" />
      </span>
      {full ? <p class="uz-plan-full">{t("A plan holds at most one hundred steps.")}</p> : null}
      {empty ? null : <Keys ctx={ctx} />}
    </div>
  );
}

function UndoButton(props: {
  label: string;
  sign: string;
  able: boolean;
  part: string;
  run: () => void;
}) {
  // aria-disabled, not disabled: a button that vanishes under the focus loses people's place.
  return (
    <button
      type="button"
      class="uz-button"
      data-part={props.part}
      aria-disabled={props.able ? undefined : "true"}
      onClick={props.able ? props.run : undefined}
    >
      <span aria-hidden="true">{props.sign} </span>
      {props.label}
    </button>
  );
}

function Keys({ ctx: { t } }: { ctx: Ctx }) {
  return (
    <details class="uz-plan-keys">
      <summary>{t("Working with the keyboard")}</summary>
      <dl>
        <dt>
          <kbd>Tab</kbd>
        </dt>
        <dd>{t("to the next field, button or bar of the timeline")}</dd>
        <dt>
          <kbd>Ctrl</kbd> + <kbd>↑</kbd> <kbd>↓</kbd>
        </dt>
        <dd>{t("to the same field of the step above or below")}</dd>
        <dt>
          <kbd>Enter</kbd>
        </dt>
        <dd>
          {t(
            "on the handle (six dots): lift the step; then arrow keys move it, Enter puts it down, Escape leaves it where it was",
          )}
        </dd>
        <dt>
          <kbd>↑</kbd> <kbd>↓</kbd>
        </dt>
        <dd>{t("on a bar of the timeline: to the next bar; Enter leads to the step")}</dd>
        <dt>
          <kbd>Ctrl</kbd> + <kbd>Z</kbd>
        </dt>
        <dd>{t("outside of text: undo; with Shift, redo")}</dd>
      </dl>
    </details>
  );
}
