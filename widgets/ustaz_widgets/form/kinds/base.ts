/** What a kind of field shows: its control, its reading view, and its value in a few words. */
import type { ComponentType, FunctionComponent } from "preact";
import type { Field, Path, Row, Value } from "../../model/types";
import type { ControlProps } from "../control";
import type { Ctx, FieldViewProps } from "../types";

export interface ReadingProps<F extends Field = Field> {
  field: F;
  value: Value | Row | undefined;
  ctx: Ctx;
  /** Participant's own words carry their language; a translated example does not. */
  lang?: string;
  /** Words of a worked example: person references are plain text there. */
  example?: boolean;
}

export interface WholeProps<F extends Field = Field> {
  field: F;
  path: Path;
  ctx: Ctx;
  /** The view of a field, for kinds that show fields inside. */
  FieldView: ComponentType<FieldViewProps>;
}

export interface FormKind<F extends Field = Field> {
  /** The label belongs to one control; else the field is a group with a legend. */
  single?: boolean;
  /** Draws itself as a whole, label included. */
  Whole?: FunctionComponent<WholeProps<F>>;
  Control?: FunctionComponent<ControlProps<F>>;
  /** The control where there is little room, as in a row of the plan; one control, one label. */
  Narrow?: FunctionComponent<ControlProps<F>>;
  /** Its views are still on their way: the page is taken over when they are here. */
  late?: () => boolean;
  /** The id of a count below the control, which describes it. */
  count?: (field: F) => boolean;
  /** A value that is there, to read. */
  Reading: FunctionComponent<ReadingProps<F>>;
  /** The value in one short line; nothing where its words will do. */
  brief?: (field: F, value: Value, ctx: Ctx) => string | undefined;
  /** The value is a participant's own words, which can be compared word by word. */
  words?: boolean;
}

const registry = new Map<string, FormKind>();

/** Enter the kinds; the package does it once. */
export function register(kinds: Record<string, unknown>): void {
  for (const [name, kind] of Object.entries(kinds)) registry.set(name, kind as FormKind);
}

export function formOf(field: Field): FormKind {
  const kind = registry.get(field.kind);
  if (!kind) throw new Error(`no such kind of field: ${field.kind}`);
  return kind;
}

/** The entries of a value that is a list of texts, blanks left out. */
export function entries(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(String).filter((text) => text.trim() !== "");
}
