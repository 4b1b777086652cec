/** What all kinds of fields have in common. */

export type Level = "draft" | "ready" | "complete";
export type At = "ready" | "submitted";
export type Audience = "self" | "facilitator" | "group" | "staff" | "network" | "public";

export interface Condition {
  field: string;
  is: string[];
}
export interface Option {
  id: string;
  label: string;
  help?: string | null;
}

/** What every field has; each kind adds its settings. */
export interface FieldBase {
  id: string;
  kind: string;
  label: string;
  help?: string | null;
  placeholder?: string | null;
  required?: At | null;
  required_when?: (Condition & { at?: At | null }) | null;
  shown_when?: Condition | null;
  audiences?: Audience[];
}
