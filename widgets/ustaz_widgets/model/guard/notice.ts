/** What the guard notices in a text. */

export type NoticeKind = "phone" | "email" | "identity" | "name";

export interface Notice {
  kind: NoticeKind;
  /** Where it begins and ends, in code units of the text. */
  start: number;
  end: number;
  /** What may stand there instead; null where the words of `kind` do. */
  mask: string | null;
}
