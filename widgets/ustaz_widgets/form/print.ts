/** Whether the page is being printed just now (or shown as it will be printed). */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

export function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const media = window.matchMedia?.("print");
    const follow = () => setPrinting(media?.matches ?? false);
    const begin = () => setPrinting(true);
    const end = () => setPrinting(false);
    follow();
    media?.addEventListener("change", follow);
    window.addEventListener("beforeprint", begin);
    window.addEventListener("afterprint", end);
    return () => {
      media?.removeEventListener("change", follow);
      window.removeEventListener("beforeprint", begin);
      window.removeEventListener("afterprint", end);
    };
  }, []);
  return printing;
}

/**
 * Mark what is around an element for as long as it is there: the style of paper asks for the mark.
 *
 * Firefox before 121 knows no `:has()`, and leaves out a whole rule in which it stands.
 */
export function useMark(inside: RefObject<HTMLElement | null>, around: string, mark: string) {
  const marked = useRef<Element | null>(null);
  useLayoutEffect(() => {
    marked.current = inside.current?.closest(around) ?? null;
    marked.current?.setAttribute(mark, "");
  });
  useLayoutEffect(() => () => marked.current?.removeAttribute(mark), [mark]);
}
