import type { FileEntry } from "../answers";
import type { FieldBase } from "../field-base";
import { type KindRules, rules, size } from "./base";

export interface FileField extends FieldBase {
  kind: "file";
  accept: ("pictures" | "documents")[];
  min_items?: number | null;
  max_items?: number | null;
}

/** Of pictures there are only those that the server has drawn itself. */
export const isPicture = (type: string) => /^image/.test(type);

export const file: KindRules<FileField> = rules({
  limits({ accept, min_items, max_items }, value) {
    const entries = value as FileEntry[];
    const wrong = entries.some(
      ({ type }) => !accept.includes(isPicture(type) ? "pictures" : "documents"),
    );
    const open = entries.some(({ visible }) => visible === "must_blur");
    return [
      ...(wrong ? [{ rule: "file_kind", kind: "problem" as const }] : []),
      ...(open ? [{ rule: "file_blur", kind: "problem" as const }] : []),
      ...size(entries.length, min_items, max_items),
    ];
  },
});
