/**
 * A radar drawn beside a table that holds the same numbers: hidden from screen readers, which read
 * the table. Lines differ by colour, by stroke and by the form of their points.
 */
import { useEffect, useRef } from "preact/hooks";

export interface Line {
  /** Names the style: `earlier`, `now`, `wanted`. */
  name: string;
  label: string;
  /** A number for each axis, or null where there is none: there the line is broken. */
  points: (number | null)[];
}

interface Point {
  x: number;
  y: number;
}
const SIZE = 300;
const MIDDLE = SIZE / 2;
const REACH = MIDDLE - 26;

/** Where a number stands on an axis; the first axis points up, the others follow clockwise. */
export function pointAt(axis: number, axes: number, value: number, most: number): Point {
  const angle = (2 * Math.PI * axis) / axes - Math.PI / 2;
  const reach = (REACH * value) / most;
  const round = (number: number) => Math.round(number * 10) / 10;
  return { x: round(MIDDLE + reach * Math.cos(angle)), y: round(MIDDLE + reach * Math.sin(angle)) };
}

/** The stretches of a line: those between neighbours that both have a number. */
export function stretches(points: readonly (number | null)[], most: number): string {
  const axes = points.length;
  return points
    .flatMap((value, axis) => {
      const next = points[(axis + 1) % axes];
      if (value === null || next == null) return [];
      const [from, to] = [pointAt(axis, axes, value, most), pointAt(axis + 1, axes, next, most)];
      return [`M${from.x} ${from.y}L${to.x} ${to.y}`];
    })
    .join("");
}

function Mark({ name, x, y }: Point & { name: string }) {
  if (name === "wanted") return <rect x={x - 4} y={y - 4} width="8" height="8" />;
  if (name === "earlier") return <path d={`M${x} ${y - 5}l5 9h-10z`} />;
  return <circle cx={x} cy={y} r="4" />;
}

export function Radar({ lines, most }: { lines: Line[]; most: number }) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = root;
    if (current) void import("../pictures").then(({ bringPictures }) => bringPictures(current));
  }, []);
  const axes = lines[0]?.points.length ?? 0;
  const all = Array.from({ length: axes }, (_, axis) => axis);
  const ring = (value: number) =>
    all
      .map((axis) => pointAt(axis, axes, value, most))
      .map(({ x, y }) => `${x},${y}`)
      .join(" ");
  return (
    <div class="uz-radar" ref={root} aria-hidden="true">
      <svg viewBox={`0 0 ${SIZE} ${SIZE}`} aria-hidden="true" focusable="false">
        {Array.from({ length: most }, (_, at) => (
          <polygon class="uz-radar-ring" key={at} points={ring(at + 1)} />
        ))}
        {all.map((axis) => {
          const end = pointAt(axis, axes, most, most);
          const label = pointAt(axis, axes, most * 1.12, most);
          return (
            <g key={axis}>
              <path class="uz-radar-ring" d={`M${MIDDLE} ${MIDDLE}L${end.x} ${end.y}`} />
              <text x={label.x} y={label.y}>
                {axis + 1}
              </text>
            </g>
          );
        })}
        {lines.map(({ name, points }) => (
          <g key={name} class={`uz-radar-line uz-radar-line--${name}`}>
            <path d={stretches(points, most)} />
            {points.map((value, axis) =>
              value === null ? null : (
                <Mark key={axis} name={name} {...pointAt(axis, axes, value, most)} />
              ),
            )}
          </g>
        ))}
      </svg>
      <ul class="uz-radar-legend">
        {lines.map(({ name, label }) => (
          <li key={name}>
            <svg
              viewBox="0 0 40 12"
              class={`uz-radar-line uz-radar-line--${name}`}
              aria-hidden="true"
              focusable="false"
            >
              <path d="M0 6H40" />
              <Mark name={name} x={20} y={6} />
            </svg>
            {label}
          </li>
        ))}
      </ul>
    </div>
  );
}
