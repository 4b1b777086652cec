/**
 * Moving rows: lifted with Enter and moved with the arrow keys, dragged by the handle, or from the
 * row's menu. However it is done, it ends as one change, one announcement, and the focus on the row.
 */
import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Ctx } from "../form/types";
import { startDrag } from "./drag";
import { type FocusGoal, focusOn } from "./focus";
import { moved } from "./order";

interface Lift {
  id: string;
  from: number;
  order: string[];
}

export interface MoveOptions {
  ctx: Ctx;
  root: RefObject<HTMLDivElement | null>;
  goal: RefObject<FocusGoal | null>;
  ids: readonly string[];
  nameOf: (id: string) => string;
  /** Make the change: `id` goes to position `to`. */
  commit: (id: string, to: number) => void;
  /** Open the menu of a row. */
  openMenu: (id: string) => void;
}

export interface Moving {
  /** The order to show while a row is lifted. */
  order: readonly string[] | null;
  lifted: string | null;
  place: (id: string, to: number, part: string | null) => void;
  onHandleDown: (event: PointerEvent, id: string) => void;
  onHandleClick: (event: MouseEvent, id: string) => void;
  onHandleKey: (event: KeyboardEvent, id: string) => void;
  onHandleBlur: (id: string) => void;
  /** To be called after each rendering. */
  settled: () => void;
}

export function useMoving({ ctx, root, goal, ids, nameOf, commit, openMenu }: MoveOptions): Moving {
  const { t, announce } = ctx;
  const [lift, setLift] = useState<Lift | null>(null);
  // Moving the row's element takes the focus away for a moment; that is not leaving it.
  const shifting = useRef(false);
  const pointer = useRef<"drag" | "touch" | null>(null);
  const count = ids.length;

  // A row that is lifted here and removed elsewhere leaves nothing to put down.
  const gone = lift !== null && !ids.includes(lift.id);
  useEffect(() => {
    if (gone) {
      setLift(null);
    }
  }, [gone]);

  const place = (id: string, to: number, part: string | null) => {
    const at = Math.min(Math.max(to, 0), count - 1);
    const focus = part === null ? null : { row: id, part };
    if (ids.indexOf(id) === at) {
      if (focus !== null) {
        focusOn(root.current, focus);
      }
    } else {
      goal.current = focus;
      shifting.current = true;
      commit(id, at);
    }
    announce(
      t("Moved: {name}. Position {position} of {count}.", {
        name: nameOf(id),
        position: at + 1,
        count,
      }),
    );
  };

  const raise = (id: string) => {
    const from = ids.indexOf(id);
    setLift({ id, from, order: [...ids] });
    announce(
      t(
        "Moving {name}. Position {position} of {count}. Arrow keys move it, Enter puts it down, Escape leaves it where it was.",
        { name: nameOf(id), position: from + 1, count },
      ),
    );
  };

  const lower = (part: string | null) => {
    if (lift !== null) {
      setLift(null);
      place(lift.id, lift.order.indexOf(lift.id), part);
    }
  };

  const cancel = ({ id, from }: Lift) => {
    shifting.current = true;
    goal.current = { row: id, part: "handle" };
    setLift(null);
    announce(
      t("Not moved: {name}. Position {position} of {count}.", {
        name: nameOf(id),
        position: from + 1,
        count,
      }),
    );
  };

  return {
    order: lift?.order ?? null,
    lifted: lift?.id ?? null,
    place,
    settled: () => {
      shifting.current = false;
    },
    onHandleBlur: (id) => {
      if (!shifting.current && lift?.id === id) {
        lower(null);
      }
    },
    onHandleClick: (event, id) => {
      // Keys and screen readers click too, without a pointer: `detail` is 0 then.
      const how = event.detail === 0 ? null : pointer.current;
      pointer.current = null;
      if (how === "drag") {
        return;
      }
      if (lift?.id === id) {
        lower("handle");
      } else if (how === "touch") {
        // A finger has no arrow keys: a tap offers "Move up" and "Move down" instead.
        openMenu(id);
      } else {
        // Safari does not focus a clicked button by itself.
        (event.currentTarget as HTMLElement).focus();
        raise(id);
      }
    },
    onHandleKey: (event, id) => {
      if (lift?.id !== id) {
        return;
      }
      const at = lift.order.indexOf(id);
      const last = lift.order.length - 1;
      const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: last }[event.key];
      if (event.key === "Escape") {
        cancel(lift);
      } else if (to === undefined) {
        return;
      } else if (to >= 0 && to <= last && to !== at) {
        shifting.current = true;
        goal.current = { row: id, part: "handle" };
        setLift({ ...lift, order: moved(lift.order, id, to) });
        announce(t("Position {position} of {count}.", { position: to + 1, count }));
      }
      event.preventDefault();
      event.stopPropagation();
    },
    onHandleDown: (event, id) => {
      pointer.current = event.pointerType === "touch" ? "touch" : null;
      const list = root.current?.querySelector<HTMLElement>("[data-list]");
      if (!list || lift !== null || count < 2) {
        return;
      }
      startDrag(event, list, id, (index, wasMoved) => {
        if (wasMoved) {
          pointer.current = "drag";
          // The click that follows a drag comes at once or never.
          setTimeout(() => {
            pointer.current = null;
          });
        }
        if (index !== null) {
          place(id, index, "handle");
        }
      });
    },
  };
}
