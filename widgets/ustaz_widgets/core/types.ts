/**
 * The words shared by every component: definition, document, change, evaluation, props.
 *
 * The shapes of the definition and the document are those of the HTTP API (snake_case, as in
 * `workbook.yml`); nothing here knows the course, the exchange or the notebook server.
 */
import type { ComponentType } from "preact";
import type { Confirmation, Mark, Round } from "./beside";
import type { At, Definition, Field, Level, TableField } from "./definition";

export type {
  At,
  Audience,
  ChoiceField,
  ChoicesField,
  Condition,
  ConfirmationField,
  DateField,
  Definition,
  Example,
  Field,
  Kind,
  Level,
  ListField,
  Option,
  PersonField,
  ReferenceField,
  Rule,
  ScaleField,
  Section,
  TableField,
  TextField,
} from "./definition";
export type { Confirmation, Mark, Round };

// ---------------------------------------------------------------- values and answers

export type RowId = string;
export interface Row {
  id: RowId;
  [column: string]: CellValue | undefined;
}
/** `null` is the answer "cannot say" of a scale; "not answered" is an absent key. */
export type CellValue = string | number | null | string[];
export type Value = CellValue | Row[];
export type Answers = Record<string, Value | undefined>;
/** `["title"]`, or `["steps", "r1abcd", "action"]` for a cell of a table. */
export type Path = readonly string[];

// ---------------------------------------------------------------- document and changes

export interface Document {
  format?: number;
  workbook: string;
  definition?: string;
  subject: { kind: string; id: string };
  lang?: string | null;
  status: "draft" | "ready";
  revision: number;
  created_at?: string | null;
  updated_at?: string | null;
  answers: Answers;
  /** Fields that were taken out for this reader. */
  withheld?: string[];
  /** What others typed in for its owner, unless the owner has changed it since. */
  entered?: Mark[];
}

export type Change =
  | { op: "set"; path: Path; value: Value }
  | { op: "clear"; path: Path }
  | { op: "add_row"; path: Path; after: RowId | null; value: Record<string, CellValue> }
  | { op: "remove_row"; path: Path }
  | { op: "move_row"; path: Path; after: RowId | null }
  | { op: "status"; value: "draft" | "ready" }
  | { op: "lang"; value: string };

export interface Batch {
  batch: string;
  client: string;
  base_revision: number;
  lang?: string;
  aside?: boolean;
  changes: Change[];
}
export interface Conflict {
  change: Change;
  theirs: Value | Row | null;
  theirs_at?: string | null;
}
export interface Saved {
  revision: number;
  saved_at: string;
  applied?: number;
  conflicts: Conflict[];
  document?: Document | null;
}

// ---------------------------------------------------------------- evaluation

export type FindingKind = "missing" | "problem" | "advice";
export interface Finding {
  field: string;
  row: RowId | null;
  column: string | null;
  rule: string;
  at: At;
  kind: FindingKind;
  params: Record<string, string | number>;
  /** The workbook's rule that found it; null for what a field itself asks. */
  id: string | null;
  /** The author's own words for the rule, when the definition has them. */
  message?: string | null;
}
export interface SectionEvaluation {
  id: string;
  answered: number;
  of: number;
  passed: number;
  checks: number;
  points: number;
  score: number;
  findings: Finding[];
}
export interface Evaluation {
  answered: number;
  of: number;
  level: Level;
  sections: SectionEvaluation[];
}
/** What the rules need to know beside the answers; dates are `YYYY-MM-DD`. */
export interface RuleContext {
  today: string;
  programme_start?: string | null;
  programme_end?: string | null;
  linked?: Record<string, Answers>;
  /** Fields that were answered for other eyes only; they count as answered. */
  withheld?: string[];
}

// ---------------------------------------------------------------- page data (#ustaz-data)

export type Mode = "edit" | "read";
export type Messages = Record<string, string | string[]>;
export interface Linked {
  definition: Definition;
  document: Document;
}
/** Everything a host may hand over; what is missing is fetched from `api`. */
export interface PageData {
  api: string;
  /** The service's own address, when `api` leads there through another server. */
  keeper?: string;
  workbook: string;
  lang: string;
  mode?: Mode;
  /** Read another person's document (facilitator, staff). */
  about?: string | null;
  /** Who writes on this page; another than `about` types in for them. */
  writer?: string | null;
  xsrf_cookie?: string;
  /** The id of whoever the page was made for. */
  reader?: string;
  definition?: Definition;
  document?: Document;
  linked?: Record<string, Linked>;
  evaluation?: Evaluation;
  status?: unknown;
  rounds?: Round[];
  confirmations?: Confirmation[];
  context?: RuleContext;
  messages?: Messages;
  person?: { id?: string; name?: string };
  home?: string;
  languages?: string[];
  /** No native reader has signed off the words of `lang` yet. */
  draft?: boolean;
  /** Can it be submitted? A companion workbook travels with others. */
  assignment?: boolean;
  /** Stylesheet to bring along when a viewer mounts the component elsewhere. */
  css?: string;
}

// ---------------------------------------------------------------- what components receive

export type Params = Record<string, string | number>;
export interface I18n {
  lang: string;
  /** `t("Saved at {time}", { time })` */
  t: (msgid: string, params?: Params) => string;
  /** `n("{count} step", "{count} steps", 3)`; `{count}` is filled in. */
  n: (one: string, other: string, count: number, params?: Params) => string;
  /** `21 November 2026` */
  date: (iso: string) => string;
  /** `21 Nov` */
  shortDate: (iso: string) => string;
  /** `November 2026` */
  month: (iso: string) => string;
  /** `14:05`, with the date before it when that is not today. */
  time: (stamp: string) => string;
  number: (value: number) => string;
}

export type StoreState = "idle" | "saving" | "saved" | "kept" | "choose" | "unsent";

/** The part of a document store that components use. */
export interface Store {
  readonly workbook: string;
  readonly document: Document;
  /** Acknowledged answers with every local change applied. */
  readonly answers: Answers;
  readonly state: StoreState;
  edit: (change: Change | Change[], label?: string) => void;
  undo: () => string | null;
  redo: () => string | null;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  subscribe: (listener: () => void) => () => void;
  /** Save now: a field was left. */
  flush: () => void;
}

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
  /** Address of another workbook's page, at a field when given. */
  link: (workbook: string, field?: string) => string | null;
}

/** Props of a component for one field (or one cell of a table). */
export interface FieldProps<F extends Field = Field> {
  field: F;
  value: Value | undefined;
  path: Path;
  onChange: (change: Change) => void;
  findings: Finding[];
  mode: Mode;
  lang: string;
  ctx: Ctx;
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
}
export type TableComponent = ComponentType<TableProps>;
