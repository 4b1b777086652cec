/** What a section opens with: drawn by the server alone, and kept by this script as it is. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Ctx } from "./types";

/** What stood in the page before this script took it over (page/drawn.ts), by the frame's id. */
export const kept = new Map<string, Node[]>();

/** What the server drew between others: where the book speaks of a section, in its language. */
export function KeptLinks({ id, class: name, ctx }: { id: string; class: string; ctx: Ctx }) {
  const [own] = useState(() => ({ nodes: kept.get(id), lang: ctx.lang }));
  const frame = useRef<HTMLParagraphElement>(null);
  useLayoutEffect(() => {
    kept.delete(id);
    frame.current?.append(...(own.nodes ?? []));
  }, [ctx.lang]);
  return own.nodes && own.lang === ctx.lang ? <p class={name} id={id} ref={frame} /> : null;
}

/** A frame with what stood in it before, until something of this script takes its place. */
export function Kept({ id }: { id: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    frame.current?.append(...(kept.get(id) ?? []));
    kept.delete(id);
  }, []);
  return <div class="uz-picture" id={id} ref={frame} />;
}

export function Opening({ id, ctx }: { id: string; ctx: Ctx }) {
  const frame = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const own = kept.get(id);
    kept.delete(id);
    if (own) {
      frame.current?.append(...own);
      return;
    }
    let gone = false;
    // In another language, or where nothing was drawn before; without a connection the old one stays.
    import("./opening-anew")
      .then(({ anew }) => anew(ctx))
      .then(
        (put) => {
          if (!gone && frame.current) put(frame.current);
        },
        () => undefined,
      );
    return () => {
      gone = true;
    };
  }, [ctx.lang]);
  return <div class="uz-opening" id={id} ref={frame} />;
}
