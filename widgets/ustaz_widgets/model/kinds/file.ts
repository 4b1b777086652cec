import type { FileEntry, Seen } from "../answers";
import type { FieldBase } from "../field-base";
import { type KindRules, type Limit, rules, size } from "./base";

/** As long as it says so, nobody but the owner is shown the file. */
export const TO_BE_BLURRED: Seen = "must_blur";

export interface FileField extends FieldBase {
  kind: "file";
  accept: ("pictures" | "documents")[];
  min_items?: number | null;
  max_items?: number | null;
}

/** Only what the server has drawn itself is shown in a page. */
export const isPicture = (type: string) => type === "image/jpeg" || type === "image/png";

export const file: KindRules<FileField> = rules({
  isEmpty: (field, holder) => !(holder[field.id] as unknown[] | undefined)?.length,
  limits({ accept, min_items, max_items }, value) {
    const entries = value as FileEntry[];
    const group = ({ type }: FileEntry) => (isPicture(type) ? "pictures" : "documents");
    const limits: Limit[] = [];
    if (entries.some((entry) => !accept.includes(group(entry)))) {
      limits.push({ rule: "file_kind", kind: "problem" });
    }
    if (entries.some(({ visible }) => visible === TO_BE_BLURRED)) {
      limits.push({ rule: "file_blur", kind: "problem" });
    }
    return [...limits, ...size(entries.length, min_items, max_items)];
  },
});
