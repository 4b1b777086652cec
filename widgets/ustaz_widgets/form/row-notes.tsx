/** What stands below rows: that one was removed, with the way back; that no more fit. */
import type { Ctx } from "./types";

/** Its button has the focus after the row is gone. */
export const UNDO = ".uz-undo button";

export function Removed({ ctx, onUndo }: { ctx: Ctx; onUndo: () => void }) {
  return (
    <p class="uz-undo">
      {ctx.t("Removed.")}{" "}
      <button type="button" class="uz-button uz-button--small" onClick={onUndo}>
        {ctx.t("Undo")}
      </button>
    </p>
  );
}

export function Most({ ctx, most }: { ctx: Ctx; most: number }) {
  return (
    <p class="uz-help">
      {ctx.n("{count} is the most that fits.", "{count} are the most that fit.", most)}
    </p>
  );
}
