/** What can wait until somebody is at the page, or until the page is quiet. */
import { useEffect, useState } from "preact/hooks";

const QUIET_AFTER = 10_000;

/**
 * Run something that can wait: when the page has been open for a while and has nothing to do, and
 * not where data is dear or slow. Returns how to call it off.
 */
export function whenQuiet(run: () => void): () => void {
  const { connection } = navigator as {
    connection?: { saveData?: boolean; effectiveType?: string };
  };
  if (connection?.saveData || /2g/.test(connection?.effectiveType ?? "")) return () => undefined;
  const idle = globalThis.requestIdleCallback ?? ((later: () => void) => later());
  const timer = setTimeout(() => idle(run), QUIET_AFTER);
  return () => clearTimeout(timer);
}

const SIGNS = ["pointermove", "keydown", "focusin", "scroll"];

/**
 * Is somebody at the page? Until then it can be read and typed into as it stands, and what makes it
 * better would only delay that on a slow line. An open page that nobody touches follows by itself.
 */
export function useAwake(asleep: boolean): boolean {
  const [awake, setAwake] = useState(!asleep);
  useEffect(() => {
    if (awake) return;
    const wake = () => setAwake(true);
    // On paper the answers stand as text, which is one of the parts that come later.
    const paper = matchMedia("print");
    if (paper.matches) return wake();
    paper.addEventListener("change", wake);
    for (const sign of SIGNS) addEventListener(sign, wake, true);
    const calm = whenQuiet(wake);
    return () => {
      paper.removeEventListener("change", wake);
      for (const sign of SIGNS) removeEventListener(sign, wake, true);
      calm();
    };
  }, [awake]);
  return awake;
}
