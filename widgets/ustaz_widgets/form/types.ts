/** What every component of a page receives. */
import type { ComponentType } from "preact";
import type {
  Change,
  Confirmation,
  Definition,
  Evaluation,
  Field,
  Finding,
  I18n,
  Mode,
  Path,
  Row,
  RowId,
  RuleContext,
  TableField,
} from "../model/types";
import type { Api } from "../sync/api";
import type { Store } from "../sync/types";

export interface Ctx extends I18n {
  mode: Mode;
  /** Somebody types in for the owner: marked, private fields closed, nothing marked ready. */
  typist: boolean;
  /** The language the person writes in; `lang` attribute of their text. */
  writing: string;
  definition: Definition;
  store: Store;
  /** Own store and those of linked workbooks, by workbook id. */
  stores: Record<string, Store>;
  definitions: Record<string, Definition>;
  evaluation: Evaluation;
  context: RuleContext;
  confirmations: Confirmation[];
  /** Prefix for element ids, unique in the page. */
  uid: string;
  /** Findings to show now: nothing while a first answer is being typed. */
  findingsFor: (field: string, row?: RowId | null, column?: string | null) => Finding[];
  /** Tell that a field (or cell) was left, so that its advice may be shown. */
  leave: (path: Path) => void;
  /** A sentence for a finding, in the reader's language. */
  message: (finding: Finding) => string;
  /** Say something to screen readers, politely. */
  announce: (text: string) => void;
  /** Where files are, and how they are sent. */
  api: Pick<Api, "base" | "request" | "by" | "opening">;
  /** Address of another workbook's page, at a field when given. */
  link: (workbook: string, field?: string) => string | null;
}

/** Props of a field, or of a cell of a table. */
export interface FieldViewProps {
  field: Field;
  path: Path;
  ctx: Ctx;
  /** The row that holds the cell, when the path is that of a cell. */
  row?: Row;
  /** Leave the label to screen readers only (a column heading shows it). */
  quiet?: boolean;
}
/** Props of a component for a whole table; it emits row changes through `ctx.store.edit`. */
export interface TableProps {
  field: TableField;
  rows: Row[];
  path: Path;
  onChange: (change: Change) => void;
  findings: Finding[];
  mode: Mode;
  lang: string;
  ctx: Ctx;
  /** The view of a cell, for tables that show cells as a section shows fields. */
  FieldView: ComponentType<FieldViewProps>;
}
/** Props of a picture over a table; without a path its rows are those of an example. */
export type PictureProps = Pick<TableProps, "field" | "rows" | "ctx"> & { path?: Path };
export type TableComponent = ComponentType<TableProps>;
