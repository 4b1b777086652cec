/** Keys of the whole page: save, undo, redo. */
import { useEffect, useRef } from "preact/hooks";
import { useUndoKeys } from "../form/undo-keys";
import type { DocumentStore } from "../sync/store";
import type { Parts } from "./context";

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
  useUndoKeys(true, (again) => {
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
