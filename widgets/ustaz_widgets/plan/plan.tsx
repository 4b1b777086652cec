/**
 * The action plan: a table of steps with a timeline beside it, cards with a strip on a phone.
 *
 * For a table with `component: plan`. It holds no answers of its own: rows come in, changes go out
 * through the store, whose undo takes whole rows back. What it keeps is how things look just now:
 * which rows are open, which one is being moved, and where the focus goes after a change.
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { fieldId, REVEAL } from "../form/ids";
import { useMark, usePrinting } from "../form/print";
import { registerTable } from "../form/registry";
import type { TableProps } from "../form/types";
import { rowsIn } from "../model/transcription";
import type { CellValue, Change, Field } from "../model/types";
import { type FocusGoal, focusNeighbour, focusOn } from "./focus";
import { Region, Table } from "./grid";
import { gridColumns, StepsHead } from "./head";
import { dayNumber, scaleFor } from "./layout";
import { Timeline } from "./legend";
import { calledStep, stepsOf } from "./model";
import { useMoving } from "./move";
import { afterFor, arranged } from "./order";
import { coverRule, detailColumns, frameFields, leadColumns, rolesOf } from "./roles";
import {
  addRows,
  copyOf,
  labels,
  MOST_ROWS,
  putBack,
  type Removed,
  removeRow,
} from "./row-actions";
import { presets } from "./status";
import { StepRow } from "./step";
import { Glance } from "./summary";
import { Axis, gridLines } from "./timeline";
import { About, RemovedNote, Start, Tools } from "./toolbar";

/** On paper there are no controls: the reading view takes the place of the form. */
export function ActionPlan(props: TableProps) {
  const printing = usePrinting();
  const paper = props.mode === "edit" && printing;
  return (
    <>
      <Plan {...props} behind={paper} />
      {paper ? (
        <div class="uz-plan-paper" aria-hidden="true">
          <Plan {...props} mode="read" />
        </div>
      ) : null}
    </>
  );
}

function Plan({ field, rows, path, mode, ctx, behind }: TableProps & { behind?: boolean }) {
  const { t, n, announce, store } = ctx;
  const root = useRef<HTMLDivElement>(null);
  const goal = useRef<FocusGoal | null>(null);
  useMark(root, ".uz-section", "data-plan");
  const menus = useRef(new Map<string, () => void>()).current;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [removed, setRemoved] = useState<Removed | null>(null);
  const [active, setActive] = useState<string | null>(null);

  const rules = ctx.definition.rules ?? [];
  const rule = coverRule(rules, field.id);
  const covered = rule?.column?.split(".")[1] ?? null;
  const roles = useMemo(() => rolesOf<Field>(field.columns, covered), [field, covered]);
  const editing = mode === "edit";
  const lead = leadColumns(field.columns, roles, editing);
  const details = detailColumns(field.columns, lead);
  const ids = rows.map((row) => row.id);
  const label = labels(ctx);
  const full = rows.length >= MOST_ROWS;

  const edit = (changes: Change[], what: string) => {
    setRemoved(null);
    store.edit(changes, what);
  };
  const called = (id: string) =>
    steps.flatMap((step) => (step.id === id ? calledStep(step) : [])).join("");
  const moving = useMoving({
    ctx,
    root,
    goal,
    ids,
    nameOf: (id) => called(id),
    commit: (id, to) =>
      edit([{ op: "move_row", path: [...path, id], after: afterFor(ids, id, to) }], label.move),
    openMenu: (id) => menus.get(id)?.(),
  });

  const { today, programme_start, programme_end } = ctx.context;
  const shown = moving.order === null ? rows : arranged(rows, moving.order);
  const steps = stepsOf(field, shown, roles, today, t);
  const named = frameFields(rules, field.id);
  const frame = named
    ? { start: store.answers[named.from], due: store.answers[named.to] }
    : { start: programme_start, due: programme_end };
  const scale = scaleFor(steps, frame, { start: programme_start, due: programme_end });
  const dated = steps.filter((step) => (dayNumber(step.start) ?? dayNumber(step.due)) !== null);

  useLayoutEffect(() => {
    moving.settled();
    if (goal.current !== null && focusOn(root.current, goal.current)) {
      goal.current = null;
    }
  });

  // A finding leads to a cell that may be folded away.
  useEffect(() => {
    const host = document.getElementById(fieldId(ctx, path));
    const onReveal = (event: Event) => {
      const { row, column } = (event as CustomEvent<{ row: string; column?: string }>).detail;
      goal.current = { row, part: "title", column };
      setOpen((before) => new Set([...before, row]));
    };
    host?.addEventListener(REVEAL, onReveal);
    return () => host?.removeEventListener(REVEAL, onReveal);
  }, [ctx.uid, path.join("/")]);

  // What was typed in for the owner must be read before it is confirmed: nothing of it stays folded.
  const waiting = editing && !ctx.typist ? rowsIn(ctx.store.document.entered, field.id) : [];
  useEffect(() => {
    if (waiting.length > 0) setOpen((before) => new Set([...before, ...waiting]));
  }, [waiting.join(" ")]);

  const add = (values: Record<string, CellValue>[], after: string | null, what: string) => {
    if (rows.length + values.length <= MOST_ROWS) {
      const added = addRows(path, values, after);
      goal.current = { row: added.ids[0] ?? null, part: "title" };
      edit(added.changes, what);
      announce(n("{count} step added.", "{count} steps added.", values.length));
    }
  };
  const kinds = roles.group === null ? [] : presets(rule);
  const ofKind = (kind: string) => (roles.group === null ? {} : { [roles.group.id]: kind });
  const addAtEnd = (value: Record<string, CellValue>) =>
    add([value], ids.at(-1) ?? null, label.add);
  const duplicate = (id: string) => {
    const row = rows.find((candidate) => candidate.id === id);
    if (row !== undefined) {
      add([copyOf(row, field.columns, roles)], id, label.copy);
    }
  };
  const remove = (id: string) => {
    const index = ids.indexOf(id);
    const row = rows[index];
    if (row !== undefined) {
      const name = called(id);
      edit([removeRow(path, id)], label.remove);
      setRemoved({ row, after: ids[index - 1] ?? null, name });
      goal.current = { row: null, part: "put-back" };
      announce(t("Removed: {name}.", { name }));
    }
  };
  const restore = (note: Removed) => {
    goal.current = { row: note.row.id, part: "handle" };
    edit([putBack(path, note)], label.back);
    announce(t("Back again: {name}.", { name: note.name }));
  };
  const turn = (forward: boolean) => {
    const what = forward ? store.redo() : store.undo();
    setRemoved(null);
    if (what !== null) {
      announce(forward ? t("Done again: {what}", { what }) : t("Undone: {what}", { what }));
    }
  };
  const jump = (id: string) => {
    setActive(id);
    focusOn(root.current, { row: id, part: "title" });
  };
  // Undo by keys is the page's own; here only the way between rows.
  const onKeyDown = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const free = target.closest("[data-part]") !== null;
      if ((event.ctrlKey || free) && focusNeighbour(target, event.key === "ArrowUp" ? -1 : 1)) {
        event.preventDefault();
      }
    }
  };

  if (rows.length === 0 && !editing) {
    return <p class="uz-plan-none">{t("No steps yet.")}</p>;
  }
  const chart = scale && {
    scale,
    today,
    frame,
    i18n: ctx,
    active: (dated.find((step) => step.id === active) ?? dated[0])?.id ?? null,
    onActive: setActive,
    onJump: jump,
  };
  const note = removed && (
    <RemovedNote
      key="removed"
      ctx={ctx}
      name={removed.name}
      onUndo={() => restore(removed)}
      onClose={() => {
        goal.current = { row: null, part: "add" };
        setRemoved(null);
      }}
    />
  );
  const noteAt = removed === null ? -1 : ids.indexOf(removed.after ?? "") + 1;
  const actions = {
    ...moving,
    onToggle: (id: string) => setOpen(toggled(open, id)),
    onAddAfter: (id: string) => add([{}], id, label.add),
    onDuplicate: duplicate,
    onRemove: remove,
    onMove: (id: string, to: number) => moving.place(id, to, "menu"),
  };
  return (
    <Region
      class="uz-plan"
      ref={root}
      data-mode={mode}
      data-behind={behind ? "" : undefined}
      {...(editing ? { onKeyDown } : {})}
      style={{
        "--uz-plan-columns": gridColumns(lead, editing),
        ...(scale ? { "--uz-plan-months": gridLines(scale) } : {}),
      }}
    >
      {rows.length === 0 ? (
        <Start
          ctx={ctx}
          count={kinds.length}
          onStart={() => add(kinds.map(ofKind), null, label.start)}
          onAdd={() => addAtEnd({})}
        />
      ) : (
        <Glance
          steps={steps}
          rule={rule}
          group={roles.group}
          i18n={ctx}
          mode={mode}
          onJump={jump}
          onAdd={(kind) => addAtEnd(ofKind(kind))}
        />
      )}
      {chart !== null && rows.length > 0 ? (
        <Timeline {...chart} steps={steps} dated={dated} editing={editing} />
      ) : null}
      {editing && rows.length > 0 ? <About ctx={ctx} path={path} columns={lead} /> : null}
      {rows.length > 0 || note !== null ? (
        <Table class="uz-plan-steps" aria-label={field.label} data-list="" data-chart="">
          <StepsHead ctx={ctx} field={field} lead={lead} editing={editing}>
            {chart === null ? null : <Axis scale={chart.scale} i18n={ctx} />}
          </StepsHead>
          {noteAt === 0 ? note : null}
          {steps.flatMap((step, index) => [
            <StepRow
              key={step.id}
              {...{ ctx, mode, path, step, lead, details, roles, full, chart, menus, actions }}
              count={rows.length}
              open={open.has(step.id)}
              lifted={moving.lifted === step.id}
            />,
            index + 1 === noteAt ? note : null,
          ])}
        </Table>
      ) : null}
      {editing ? (
        <>
          <p class="uz-hidden" id={`${ctx.uid}-plan-move`}>
            {t("Press Enter to move this step with the arrow keys, or drag it.")}
          </p>
          {rows.length > 0 || store.canUndo ? (
            <Tools
              ctx={ctx}
              full={full}
              empty={rows.length === 0}
              onAdd={() => addAtEnd({})}
              onUndo={() => turn(false)}
              onRedo={() => turn(true)}
            />
          ) : null}
        </>
      ) : null}
    </Region>
  );
}

function toggled(open: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(open);
  if (!next.delete(id)) {
    next.add(id);
  }
  return next;
}

registerTable("plan", ActionPlan);
