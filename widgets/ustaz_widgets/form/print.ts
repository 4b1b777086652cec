/** Whether the page is being printed just now (or shown as it will be printed). */
import { useEffect, useState } from "preact/hooks";

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
