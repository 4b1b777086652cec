/** Help for component tests: a document of happy-dom as the global one, and small waits. */
import { Window } from "happy-dom";

declare global {
  /** Repository root, filled in by test.mjs. */
  var USTAZ_ROOT: string;
}

const GLOBALS = [
  "window",
  "document",
  "localStorage",
  "sessionStorage",
  "HTMLElement",
  "HTMLInputElement",
  "HTMLTextAreaElement",
  "HTMLSelectElement",
  "HTMLButtonElement",
  "Element",
  "Node",
  "Text",
  "Event",
  "InputEvent",
  "KeyboardEvent",
  "MouseEvent",
  "FocusEvent",
  "CustomEvent",
  "MutationObserver",
  "requestAnimationFrame",
  "cancelAnimationFrame",
  "getComputedStyle",
  "SVGElement",
] as const;

/** Install a fresh document and return its body. */
export function dom(url = "http://localhost:8888/ustaz/workbooks/focus"): HTMLElement {
  const window = new Window({ url, width: 1024, height: 768 });
  for (const name of GLOBALS) {
    const value = name === "window" ? window : (window as unknown as Record<string, unknown>)[name];
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  }
  return window.document.body as unknown as HTMLElement;
}

/** Let effects and micro-tasks run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((done) => setTimeout(done, 0));
}
