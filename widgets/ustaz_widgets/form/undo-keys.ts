/** Undo and redo by keys. */
import { useEffect, useRef } from "preact/hooks";

const TEXT = 'input:not([type="checkbox"]):not([type="radio"]), textarea, [contenteditable]';

/** Ctrl+Z and Ctrl+Y, except inside text, where the browser's own undo works. */
export function useUndoKeys(
  active: boolean,
  run: (again: boolean) => boolean,
  /** Where they are pressed; on a page of ours anywhere. */
  within?: EventTarget,
): void {
  const act = useRef(run);
  act.current = run;
  useEffect(() => {
    if (!active) return;
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.altKey || !(event.ctrlKey || event.metaKey)) return;
      // By the key's place too: on a Cyrillic keyboard "z" is another letter.
      const z = event.key.toLowerCase() === "z" || event.code === "KeyZ";
      const y = event.key.toLowerCase() === "y" || event.code === "KeyY";
      if (!z && !y) return;
      if (event.target instanceof Element && event.target.matches(TEXT)) return;
      if (act.current(y || event.shiftKey)) event.preventDefault();
    };
    const place = within ?? document;
    place.addEventListener("keydown", listen as EventListener);
    return () => place.removeEventListener("keydown", listen as EventListener);
  }, [active, within]);
}
