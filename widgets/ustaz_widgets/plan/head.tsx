/** The head of the wide table: names of the columns, and the widths that all rows share. */
import type { ComponentChildren } from "preact";
import type { Ctx } from "../form/types";
import { serves } from "../model/kinds";
import type { Field, TableField } from "../model/types";
import { Group, Head, Line } from "./grid";

/** Widths of the wide table: number, handle and menu, the columns, the timeline. */
export function gridColumns(lead: readonly Field[], editing: boolean): string {
  const date = editing ? "7.8rem" : "minmax(5rem, 7rem)";
  const other = editing ? "8.4rem" : "minmax(5rem, 8rem)";
  const rest = lead.slice(1).map((column) => (serves(column, "date") ? date : other));
  const tools = editing ? ["2.2rem"] : [];
  return [
    // While editing, its name may reach over the nameless column of handle and menu.
    editing ? "2rem" : "3.6rem",
    ...tools,
    "minmax(10rem, 2fr)",
    ...rest,
    editing ? "minmax(11rem, 2.4fr)" : "minmax(10rem, 2.4fr)",
  ].join(" ");
}

interface HeadProps {
  ctx: Ctx;
  field: TableField;
  lead: readonly Field[];
  editing: boolean;
  /** The names of the months. */
  children: ComponentChildren;
}

export function StepsHead({ ctx: { t }, field, lead, editing, children }: HeadProps) {
  return (
    <Group class="uz-plan-steps-head">
      <Line class="uz-plan-step-row">
        <Head class="uz-plan-steps-first">{field.row_name ?? t("Step")}</Head>
        {editing ? (
          <Head>
            <span class="uz-hidden">{t("Move and more")}</span>
          </Head>
        ) : null}
        {lead.map((column) => (
          <Head key={column.id}>{column.label}</Head>
        ))}
        <Head class="uz-plan-cell-track">
          <span class="uz-hidden">{t("Timeline")}</span>
          {children}
        </Head>
      </Line>
    </Group>
  );
}
