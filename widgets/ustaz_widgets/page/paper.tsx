/**
 * The workbook on paper: the answers as text, beside the form and only while it is being printed.
 *
 * The form itself stays as it is, so that nothing half typed is lost by printing.
 */

import { useRef } from "preact/hooks";
import { useMark, usePrinting } from "../form/print";
import { SectionView } from "../form/section";
import type { Ctx } from "../form/types";
import { contexts, type Parts } from "./context";

export function Paper({ parts }: { parts: Parts }) {
  const printing = usePrinting();
  if (!printing) return null;
  const all = contexts({ ...parts, uid: `${parts.uid}-paper`, mode: "read" });
  const ctx = all[parts.data.workbook];
  if (!ctx) return null;
  return <Answers ctx={ctx} all={all} />;
}

function Answers({ ctx, all }: { ctx: Ctx; all: Record<string, Ctx> }) {
  const root = useRef<HTMLDivElement>(null);
  useMark(root, ".uz-page", "data-paper");
  return (
    <div class="uz-paper" aria-hidden="true" ref={root}>
      {ctx.definition.sections.map((section, at) => (
        <SectionView key={section.id} section={section} ctx={ctx} others={all} number={at + 1} />
      ))}
    </div>
  );
}
