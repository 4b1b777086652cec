/** What rules ask of every kind of field, and the registry that answers. */
import { type Answers, isBlank, type Row, type RuleContext } from "../answers";
import type { FieldBase } from "../field-base";

/** One bound that a value does not keep; the evaluation adds the place. */
export interface Limit {
  rule: string;
  kind: "missing" | "problem";
  params?: Record<string, number>;
}

/** What a column or field can be used for by rules and components, whatever its kind. */
export type Role =
  | "title"
  | "date"
  | "option"
  | "options"
  | "unique"
  | "rating"
  | "ratings"
  | "people";

export interface KindRules<F extends FieldBase> {
  /** A participant writes the value; else it comes from elsewhere. */
  stored: boolean;
  /** The sentence in `shared/findings.json` that says that it is not answered. */
  missing: string;
  roles: readonly Role[];
  isEmpty(field: F, holder: Answers | Row, context: RuleContext): boolean;
  /**
   * The value that the control of a plain form holds as texts; undefined where nothing is answered.
   * `posted` of the same kind in Python reads the same.
   */
  posted(field: F, texts: string[], lang: string): unknown;
  /** The bounds that a value does not keep; it is not empty. */
  limits(field: F, value: unknown, context: RuleContext): Limit[];
}

/** A kind with what it does not say filled in. */
export function rules<F extends FieldBase>(own: Partial<KindRules<F>>): KindRules<F> {
  return {
    stored: true,
    missing: "required",
    roles: [],
    isEmpty: (field, holder) => isBlank(holder[field.id]),
    limits: () => [],
    posted: (_, texts) => texts.at(-1) || undefined,
    ...own,
  };
}

/** How many entries there are, against how many there may be. */
export function size(count: number, low?: number | null, high?: number | null): Limit[] {
  const few = low != null && count < low;
  const many = high != null && count > high;
  return [
    ...(few ? [{ rule: "min_items", kind: "missing" as const, params: { min: low } }] : []),
    ...(many ? [{ rule: "max_items", kind: "problem" as const, params: { max: high } }] : []),
  ];
}

/** Added to the name of a control that has several parts, in the sign after them. */
export const END = "/end";

const registry = new Map<string, KindRules<FieldBase>>();

/** Enter the kinds; the package does it once. */
export function register(kinds: Record<string, unknown>): void {
  for (const [name, kind] of Object.entries(kinds))
    registry.set(name, kind as KindRules<FieldBase>);
}

export function rulesOf(field: Pick<FieldBase, "kind">): KindRules<FieldBase> {
  const kind = registry.get(field.kind);
  if (!kind) throw new Error(`no such kind of field: ${field.kind}`);
  return kind;
}

/** Does the field hold no answer? */
export function isEmpty(field: FieldBase, holder: Answers | Row, context: RuleContext): boolean {
  return rulesOf(field).isEmpty(field, holder, context);
}

/** Can the field be used for this? */
export function serves(field: Pick<FieldBase, "kind">, role: Role): boolean {
  return rulesOf(field).roles.includes(role);
}
