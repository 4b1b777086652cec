/** The words about a notice: what it is, what stands in its place, and what stands around it. */
import { showControls } from "../form/user-text";
import type { MaskWords, Notice, NoticeKind } from "../model/guard/guard";
import type { I18n } from "../model/types";

/** What stands instead of a number or an address. */
export const maskWords = ({ t }: I18n): MaskWords => ({
  phone: t("[phone number]"),
  email: t("[e-mail address]"),
  identity: t("[identity number]"),
});

export const kindWords = (kind: NoticeKind, { t }: I18n): string =>
  ({
    name: t("likely a full name"),
    phone: t("phone number"),
    email: t("e-mail address"),
    identity: t("identity number (IIN)"),
  })[kind];

const AROUND = 24;

/** The words before and behind a notice, cut between words. */
export function around({ text, notice }: { text: string; notice: Notice }): [string, string] {
  const before = text.slice(Math.max(0, notice.start - AROUND), notice.start);
  const behind = text.slice(notice.end, notice.end + AROUND);
  return [
    notice.start > AROUND ? `… ${before.replace(/^\S*\s/, "")}` : before,
    text.length > notice.end + AROUND ? `${behind.replace(/\s\S*$/, "")} …` : behind,
  ].map(showControls) as [string, string];
}
