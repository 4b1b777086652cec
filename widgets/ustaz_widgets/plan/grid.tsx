/**
 * The parts of a table as boxes with explicit roles.
 *
 * Real `<table>` elements lose their meaning in some browsers as soon as CSS turns them into cards;
 * a role that is written down stays.
 */
import type { AriaRole, HTMLAttributes } from "preact";

type Props = HTMLAttributes<HTMLDivElement> & { [data: `data-${string}`]: string | undefined };

const box = (role: AriaRole) => (props: Props) => <div {...props} role={role} />;

export const Table = box("table");
export const Group = box("rowgroup");
export const Line = box("row");
export const Head = box("columnheader");
export const RowHead = box("rowheader");
export const CellBox = box("cell");
/** A named part of the plan. */
export const Region = box("group");
