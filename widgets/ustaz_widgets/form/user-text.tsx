/**
 * A person's own text, shown: never interpreted, kept apart from the direction of the text around
 * it, with control characters made showControls, and clipped when it is very long.
 */
import { useState } from "preact/hooks";
import { clip } from "../model/graphemes";
import type { I18n } from "../model/types";
import { usePrinting } from "./print";

const CLIP_AT = 1200;
// Controls (line feed and tab apart), and characters that turn the direction of text around.
const HIDDEN = /(?![\n\t])\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** `U+202E` becomes the showControls text `[U+202E]`; C0 controls become their pictures. */
export function showControls(text: string): string {
  return text.replace(/\r\n?/g, "\n").replace(HIDDEN, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    if (code === 0x7f) return "\u2421";
    return `[U+${code.toString(16).toUpperCase().padStart(4, "0")}]`;
  });
}

export function UserText({ text, lang, i18n }: { text: string; lang?: string; i18n: I18n }) {
  const [all, setAll] = useState(false);
  // On paper there is nothing to press: everything stands there.
  const printing = usePrinting();
  const shown = showControls(text);
  const part = all || printing ? shown : clip(shown, CLIP_AT);
  return (
    <>
      <bdi class="uz-said" {...(lang ? { lang } : {})}>
        {part}
        {part.length < shown.length ? "…" : ""}
      </bdi>
      {part.length < shown.length && (
        <button type="button" class="uz-link" onClick={() => setAll(true)}>
          {i18n.t("Show all")}
        </button>
      )}
    </>
  );
}
