/** Answers in parts: a small answer of the same form for each topic of a closed list. */

/** `{topic: {part: answer}}`; a topic without any part is left out. */
export type PartsOf<P extends string, V> = Record<string, Partial<Record<P, V>>>;

/** The topics of which anything was said. */
export function answeredParts(value: unknown): string[] {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([topic, answer]) =>
    Object.keys(answer as object).length > 0 ? [topic] : [],
  );
}
