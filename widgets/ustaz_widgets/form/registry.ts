/**
 * Components for tables, by the `component:` name of the definition.
 *
 * A component folder registers itself when it is imported by an entry point:
 * `registerTable("plan", ActionPlan)`. A table whose component is not known falls back to
 * cards, so that a definition never outruns the page.
 */
import type { TableComponent } from "./types";

const tables = new Map<string, TableComponent>();

export function registerTable(name: string, component: TableComponent): void {
  tables.set(name, component);
}

export function tableComponent(name: string | null | undefined): TableComponent | undefined {
  return name ? tables.get(name) : undefined;
}
