/** The texts in an answer, whatever its kind: alone, in a list, in parts. */

/** Where a text stands in a value: keys and places from the outside in. */
export type Trail = readonly (string | number)[];

export interface TextIn {
  trail: Trail;
  text: string;
}

export function textsIn(value: unknown, trail: Trail = []): TextIn[] {
  if (typeof value === "string") return [{ trail, text: value }];
  if (value === null || typeof value !== "object") return [];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([at, inner]) => textsIn(inner, [...trail, at]));
}

/** The value with another text in one place; all around it stays the same. */
export function withText(value: unknown, trail: Trail, text: string): unknown {
  const [at, ...rest] = trail;
  if (at === undefined) return text;
  if (Array.isArray(value)) {
    return value.map((inner, place) => (place === at ? withText(inner, rest, text) : inner));
  }
  const parts = value as Record<string, unknown>;
  return { ...parts, [at]: withText(parts[at], rest, text) };
}
