/**
 * A map over a table: each row stands where two of its ratings say, in the form of a third answer.
 *
 * The numbers in the rows are what counts; the map is drawn from them and changes them: a mark is
 * dragged, or moved with the arrow keys. It draws what the server draws (`workbook/kinds/map.py`).
 */
import { Fragment } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { cellAtPoint, type Layout, layout, type Mark, mapColumn, size } from "../model/map";
import { numbered } from "../model/numbered";
import { isClosed } from "../model/transcription";
import type { Change, ChoiceField, MapSettings, Path, Row, TableField } from "../model/types";
import { useFolds } from "./folds";
import { follow } from "./follow";
import { fieldId, reveal } from "./ids";
import type { Ctx, PictureProps } from "./types";

/** Where the rows of a table stand; without a path (in an example) it is only looked at. */
export function MapPicture(props: PictureProps) {
  const { field, rows, ctx, path } = props;
  useFolds(props);
  const root = useRef<HTMLElement>(null);
  const plan = layout(field, rows);
  const writes = path !== undefined && ctx.mode === "edit";
  const closed =
    ctx.typist &&
    (["x", "y"] as const).some((key) => {
      const column = mapColumn(field, key);
      return column !== undefined && isClosed(column);
    });
  // Readers from whom the numbers are kept get no empty map.
  const shown = !closed && (writes || plan.marks.some(({ placed }) => placed));
  useEffect(() => {
    const { current } = root;
    if (current) void import("./pictures").then(({ bringPictures }) => bringPictures(current));
  }, [shown]);
  if (!shown) return null;
  return (
    <>
      <figure class="uz-map" ref={root} {...(writes ? {} : { "aria-hidden": true })}>
        {writes && rows.length === 0 && (
          <p class="uz-help">
            {ctx.t(
              "Write down a person below. Each one gets a number, which you then put on this map.",
            )}
          </p>
        )}
        {writes ? (
          <Movable field={field} rows={rows} plan={plan} path={path} ctx={ctx} />
        ) : (
          <svg {...picture(plan)} aria-hidden="true">
            <g>
              <Grid field={field} plan={plan} ctx={ctx} />
            </g>
            {plan.marks.map((mark) => (
              <g class="uz-map-mark" key={mark.row} transform={at(mark)}>
                <Sign mark={mark} />
              </g>
            ))}
          </svg>
        )}
        <Legend field={field} plan={plan} />
        <Names field={field} rows={rows} plan={plan} ctx={ctx} {...(writes ? { path } : {})} />
      </figure>
      {writes && <Missing field={field} ctx={ctx} />}
    </>
  );
}

function Text(props: {
  name: string;
  x: number;
  y: number;
  anchor?: string;
  children: string | number;
}) {
  const { name, x, y, anchor = "middle", children } = props;
  return (
    <text class={name} x={x} y={y} text-anchor={anchor} fill="currentColor" stroke="none">
      {children}
    </text>
  );
}

const Form = ({ form }: { form: number }) => (
  <path class={`uz-map-form uz-map-form--${form}`} d={size.forms[form] ?? ""} />
);

function Sign({ mark }: { mark: Mark }) {
  const { form, number, name } = mark;
  return (
    <>
      <Form form={form} />
      <Text name={`uz-map-number uz-map-number--${form}`} x={0} y={size.numbers[form] ?? 0}>
        {number}
      </Text>
      {name ? (
        <>
          {/* Its number and its name are two words of a mark that is a button. */}{" "}
          <Text name="uz-map-name" x={0} y={21}>
            {name}
          </Text>
        </>
      ) : null}
    </>
  );
}

/** Grid, steps and names of the axes. */
function Grid({ field, plan, ctx }: { field: TableField; plan: Layout; ctx: Ctx }) {
  const { columns, cell, bands, bottom, marks } = plan;
  const map = field.map as MapSettings;
  const right = size.left + cell * columns.length;
  const rule = (bands[0]?.top ?? 0) + bottom;
  return (
    <>
      {bands.map(({ value, top, height }) => (
        <Fragment key={value}>
          {columns.map((column, at) => (
            <rect
              class="uz-map-cell"
              key={column}
              x={size.left + cell * at}
              y={top}
              width={cell}
              height={height}
            />
          ))}
          <Text name="uz-map-step" x={size.left - 6} y={top + height / 2 + 4} anchor="end">
            {value}
          </Text>
        </Fragment>
      ))}
      {columns.map((column, at) => (
        <Text name="uz-map-step" key={column} x={size.left + cell * (at + 0.5)} y={bottom + 13}>
          {column}
        </Text>
      ))}
      {map.corners.map((corner, at) => (
        <Text
          name="uz-map-corner"
          key={corner}
          x={at % 2 ? right - 4 : size.left + 4}
          y={((at > 1 ? bands.at(-1) : bands[0])?.top ?? 0) + 12}
          anchor={at % 2 ? "end" : "start"}
        >
          {corner}
        </Text>
      ))}
      <Text name="uz-map-axis" x={(size.left + right) / 2} y={bottom + 27}>
        {`${map.x_name} →`}
      </Text>
      <g transform={`translate(7 ${rule / 2})rotate(-90)`}>
        <Text name="uz-map-axis" x={0} y={4}>
          {`${map.y_name} →`}
        </Text>
      </g>
      {marks.some(({ placed }) => !placed) && (
        <Text name="uz-map-wait" x={size.left} y={bottom + size.foot + 11} anchor="start">
          {ctx.t("Not on the map yet")}
        </Text>
      )}
    </>
  );
}

const picture = (plan: Layout) => ({
  class: "uz-map-picture",
  viewBox: `0 0 ${size.width} ${plan.height}`,
  width: "520",
  fill: "none",
  stroke: "currentColor",
  "font-size": "11",
  focusable: "false" as const,
});
const at = ({ x, y }: { x: number; y: number }) => `translate(${x} ${y})`;

interface MapProps {
  field: TableField;
  rows: Row[];
  plan: Layout;
  ctx: Ctx;
}

/** Marks that are dragged, or moved with the arrow keys. */
function Movable({ field, rows, plan, path, ctx }: MapProps & { path: Path }) {
  const { t } = ctx;
  const map = field.map as MapSettings;
  const svg = useRef<SVGSVGElement>(null);
  const [drag, setDrag] = useState<{ row: string; x: number; y: number } | null>(null);
  const [chosen, setChosen] = useState<string | null>(null);
  const id = `${fieldId(ctx, path)}-picture`;
  const title = (mark: Mark) => numbered(field.row_name || t("Row"), mark.number, t);
  const edit = (mark: Mark, changes: Change[], where: string) => {
    if (changes.length > 0) ctx.store.edit(changes, title(mark));
    ctx.announce(`${named(mark)}: ${where}`);
  };
  const rowOf = (mark: Mark) => rows[mark.number - 1] as Row;
  const named = (mark: Mark) => `${mark.number}. ${rowOf(mark)[map.name] ?? ""}`.trimEnd();
  const cell = (mark: Mark, column: string): Path => [...path, mark.row, column];
  const words = (x: unknown, y: unknown) =>
    `${map.y_name.toLocaleLowerCase(ctx.lang)} ${y}, ${map.x_name.toLocaleLowerCase(ctx.lang)} ${x}`;
  const stance = (mark: Mark) =>
    (mapColumn(field, "mark") as ChoiceField | undefined)?.options[mark.form - 1]?.label;
  const sentence = (mark: Mark) => {
    const row = rowOf(mark);
    const where = mark.placed ? words(row[map.x], row[map.y]) : t("Not on the map yet");
    return [`${named(mark)}: ${where}`, stance(mark)].filter(Boolean).join(", ");
  };
  const put = (mark: Mark, x: number, y: number) => {
    const row = rowOf(mark);
    const changes = (
      [
        [map.x, x],
        [map.y, y],
      ] as const
    )
      .filter(([column, value]) => row[column] !== value)
      .map(([column, value]): Change => ({ op: "set", path: cell(mark, column), value }));
    edit(mark, changes, words(x, y));
  };
  const takeOff = (mark: Mark) => {
    const changes = [map.x, map.y]
      .filter((column) => column in rowOf(mark))
      .map((column): Change => ({ op: "clear", path: cell(mark, column) }));
    edit(mark, changes, t("Not on the map yet"));
  };
  const pressed = (event: KeyboardEvent, mark: Mark) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const way = WAYS[event.key];
    if (way) {
      const [columns, values] = [plan.columns, plan.bands.map(({ value }) => value)];
      const row = rowOf(mark);
      const step = (steps: number[], now: unknown, by: number) => {
        const middle = steps[(steps.length - 1) >> 1] as number;
        const next = mark.placed ? (now as number) + by : middle;
        return steps.includes(next) ? next : (now as number);
      };
      put(mark, step(columns, row[map.x], way[0]), step(values, row[map.y], way[1]));
    } else if (event.key === "Delete" || event.key === "Backspace") takeOff(mark);
    else if (event.key === "Enter" || event.key === " ") reveal(ctx.uid, [...path, mark.row]);
    else return;
    event.preventDefault();
  };
  const point = (event: PointerEvent) => {
    const matrix = svg.current?.getScreenCTM()?.inverse();
    return new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix);
  };
  const lift = (event: PointerEvent, mark: Mark) => {
    // A finger gives no focus where its touch does not scroll (below).
    (event.currentTarget as SVGElement).focus({ preventScroll: true });
    follow(
      event,
      (now) => {
        const { x, y } = point(now);
        setDrag({ row: mark.row, x, y });
      },
      (last) => {
        setDrag(null);
        const { x, y } = last ? point(last) : { x: -1, y: -1 };
        const target = last && cellAtPoint(plan, x, y);
        if (target) put(mark, target.x, target.y);
      },
    );
  };
  const target = drag && cellAtPoint(plan, drag.x, drag.y);
  const about = plan.marks.find(({ row }) => row === chosen);
  // Browsers take no `touch-action` from parts of a picture: a touch is kept from scrolling by itself.
  return (
    <>
      <p class="uz-help" id={`${id}-hint`}>
        {rows.length > 0 &&
          t("Drag a number to its place. Or choose it and move it with the arrow keys.")}
      </p>
      <svg
        {...picture(plan)}
        ref={svg}
        role="application"
        aria-label={t("Map: {label}", { label: field.label })}
        aria-describedby={`${id}-hint`}
      >
        {/* biome-ignore lint/a11y/noAriaHiddenOnFocusable: lines and numbers, nothing is focused */}
        <g aria-hidden="true">
          <Grid field={field} plan={plan} ctx={ctx} />
        </g>
        {target && (
          <rect
            class="uz-map-target"
            x={target.left}
            y={target.band.top}
            width={plan.cell}
            height={target.band.height}
          />
        )}
        {plan.marks.map((mark) => (
          // biome-ignore lint/a11y/useSemanticElements: a button of HTML cannot stand in a picture
          <g
            class="uz-map-mark"
            key={mark.row}
            data-mark={mark.row}
            data-dragged={drag?.row === mark.row ? "" : undefined}
            transform={at(drag?.row === mark.row ? drag : mark)}
            role="button"
            tabIndex={0}
            aria-label={sentence(mark)}
            onFocus={() => setChosen(mark.row)}
            onKeyDown={(event) => pressed(event, mark)}
            onPointerDown={(event) => lift(event, mark)}
            onTouchStart={(event) => event.preventDefault()}
          >
            <rect
              class="uz-map-hit"
              x="-15"
              y="-14"
              width="30"
              height="28"
              rx="6"
              pointer-events="all"
              stroke="none"
            />
            <Sign mark={mark} />
          </g>
        ))}
      </svg>
      <p class="uz-map-about" aria-hidden="true">
        {about ? sentence(about) : ""}
      </p>
    </>
  );
}

const WAYS: Record<string, readonly [number, number]> = {
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
};

/** Which form means what, of the forms that are there. */
function Legend({ field, plan }: { field: TableField; plan: Layout }) {
  const options = (mapColumn(field, "mark") as ChoiceField | undefined)?.options ?? [];
  const used = options.flatMap(({ id, label }, at) =>
    plan.marks.some(({ form }) => form === at + 1) ? [{ id, label, form: at + 1 }] : [],
  );
  if (used.length === 0) return null;
  return (
    <ul class="uz-map-legend">
      {used.map(({ id, label, form }) => (
        <li key={id}>
          <svg
            viewBox="-14 -14 28 28"
            width="20"
            fill="none"
            stroke="currentColor"
            aria-hidden="true"
            focusable="false"
          >
            <Form form={form} />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

/** Whom the numbers mean, in the order of the table; where it is written, each leads to its row. */
function Names({ field, rows, plan, ctx, path }: MapProps & { path?: Path }) {
  const map = field.map as MapSettings;
  if (rows.length === 0) return null;
  return (
    <ol class="uz-map-people">
      {plan.marks.map((mark, index) => {
        const words = (
          <>
            <b>{mark.number}</b> <bdi>{String(rows[index]?.[map.name] || "…")}</bdi>
          </>
        );
        if (!path) return <li key={mark.row}>{words}</li>;
        const place = [...path, mark.row];
        const go = (event: MouseEvent) => {
          if (reveal(ctx.uid, place)) event.preventDefault();
        };
        return (
          <li key={mark.row}>
            <a href={`#${fieldId(ctx, place)}`} onClick={go}>
              {words}
            </a>
          </li>
        );
      })}
    </ol>
  );
}

/** Thoughts of the workbook's rules on who is not there, and what is not thought of yet. */
function Missing({ field, ctx }: { field: TableField; ctx: Ctx }) {
  const findings = ctx.evaluation.sections
    .flatMap((section) => section.findings)
    .filter(({ field: of, row, kind }) => of === field.id && row === null && kind === "advice");
  if (findings.length === 0) return null;
  return (
    <div class="uz-map-missing">
      <p class="uz-label">{ctx.t("Who may be missing?")}</p>
      <ul>
        {findings.map((finding) => (
          <li key={finding.id}>{ctx.message(finding)}</li>
        ))}
      </ul>
    </div>
  );
}
