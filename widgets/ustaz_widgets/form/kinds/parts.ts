/** A change of one part of an answer in parts. */
import type { PartsOf } from "../../model/kinds/parts";

/** The value after one part changed; undefined where nothing is left. */
export function withPart<P extends string, V>(
  value: PartsOf<P, V> | undefined,
  topic: string,
  part: P,
  answer: V | undefined,
): PartsOf<P, V> | undefined {
  const { [part]: _, ...rest } = value?.[topic] ?? {};
  const parts = (answer === undefined ? rest : { ...rest, [part]: answer }) as Partial<
    Record<P, V>
  >;
  const { [topic]: __, ...others } = value ?? {};
  const next = Object.keys(parts).length > 0 ? { ...others, [topic]: parts } : others;
  return Object.keys(next).length > 0 ? next : undefined;
}
