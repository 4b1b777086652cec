/** Keys of the whole page: save, undo, redo. */
import { useEffect, useRef } from "preact/hooks";
import type { DocumentStore } from "../sync/store";
import type { Parts } from "./context";

const TEXT = 'input:not([type="checkbox"]):not([type="radio"]), textarea, [contenteditable]';

/** Ctrl+Z and Ctrl+Y, except inside text, where the browser's own undo works. */
export function useUndoKeys(run: (again: boolean) => boolean): void {
  const act = useRef(run);
  act.current = run;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return;
      // By the key's place too: on a Cyrillic keyboard "z" is another letter.
      const z = event.key.toLowerCase() === "z" || event.code === "KeyZ";
      const y = event.key.toLowerCase() === "y" || event.code === "KeyY";
      if (!z && !y) return;
      if (event.target instanceof Element && event.target.matches(TEXT)) return;
      if (act.current(y || event.shiftKey)) event.preventDefault();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}

/** Ctrl+S, which people press in the middle of a sentence: save now, and say when it is done. */
function useSaveKey(active: boolean, save: () => void): void {
  const act = useRef(save);
  act.current = save;
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (event.altKey || event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
      if (event.key.toLowerCase() !== "s" && event.code !== "KeyS") return;
      event.preventDefault();
      act.current();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [active]);
}

interface Props {
  own: DocumentStore;
  list: DocumentStore[];
  /** The page is ours alone: a key to save is no other's. */
  whole: boolean;
  parts: Parts;
  /** Say of saving what there is to say. */
  onAsk: () => void;
}

export function Keys({ own, list, whole, parts: { i18n, announce }, onAsk }: Props) {
  useUndoKeys((again) => {
    const label = again ? own.redo() : own.undo();
    if (label === null) return false;
    announce(
      again
        ? i18n.t("Done again: {what}", { what: label })
        : i18n.t("Undone: {what}", { what: label }),
    );
    return true;
  });
  useSaveKey(whole, () => {
    for (const store of list) {
      store.flush();
      store.retry();
    }
    onAsk();
  });
  return null;
}
