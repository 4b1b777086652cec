/**
 * The types shared by every component: definition, document, change, evaluation, messages.
 *
 * The shapes of the definition and the document are those of the HTTP API (snake_case, as in
 * `workbook.yml`); nothing here knows the course, the exchange or the notebook server.
 */
import type { Confirmation, Mark, Round } from "./annotations";
import type { Answers, CellValue, Parts, Path, Row, RowId, RuleContext, Value } from "./answers";
import type { At, Level } from "./definition";

export type {
  At,
  Audience,
  ChoiceField,
  ChoicesField,
  Condition,
  ConfirmationField,
  DateField,
  Definition,
  EntriesField,
  Example,
  Field,
  FileField,
  Kind,
  Level,
  LevelsField,
  ListField,
  MapSettings,
  Option,
  PersonField,
  RatingsField,
  ReferenceField,
  RowField,
  Rule,
  ScaleField,
  Section,
  TableField,
  Test,
  TextField,
} from "./definition";
export type {
  Answers,
  CellValue,
  Confirmation,
  Mark,
  Parts,
  Path,
  Round,
  Row,
  RowId,
  RuleContext,
  Value,
};

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
// ---------------------------------------------------------------- languages

export type Mode = "edit" | "read";
export type Messages = Record<string, string | string[]>;
export type Params = Record<string, string | number>;
export interface I18n {
  lang: string;
  /** `t("Saved at {time}", { time })` */
  t: (msgid: string, params?: Params) => string;
  /** `n("{count} step", "{count} steps", 3)`; `{count}` is filled in. */
  n: (singular: string, plural: string, count: number, params?: Params) => string;
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
