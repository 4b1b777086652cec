/** Which steps are past their date: the vectors that the home page is tested on as well. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import type { Row } from "../model/types";
import { type ColumnLike, rolesOf } from "./roles";
import { daysOverdue, toneOf } from "./status";

interface Vectors {
  today: string;
  cases: {
    name: string;
    columns: (Omit<ColumnLike, "options"> & { options?: string[] })[];
    rows: Row[];
    late: string[];
  }[];
}
const file = path.join(globalThis.USTAZ_ROOT, "tests/vectors/plan_late.json");
const { today, cases } = JSON.parse(readFileSync(file, "utf8")) as Vectors;

for (const one of cases) {
  test(`late: ${one.name}`, () => {
    const columns = one.columns.map((column) => ({
      ...column,
      options: (column.options ?? []).map((id) => ({ id, label: id })),
    }));
    const { due, status } = rolesOf(columns);
    const late = one.rows.filter((row) => {
      const tone = toneOf(status ? row[status.id] : undefined);
      return daysOverdue(due ? row[due.id] : undefined, tone, today, status !== null) > 0;
    });
    assert.deepEqual(
      late.map((row) => row.id),
      one.late,
    );
  });
}
