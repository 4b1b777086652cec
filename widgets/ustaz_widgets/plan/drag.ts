/**
 * Moving a row by its handle with mouse, pen or finger.
 *
 * Only the handle takes part (`touch-action: none` on it alone), so a finger anywhere else still
 * scrolls the page. Nothing is rendered while dragging: rows are shifted by transforms and the
 * order changes once, when the row is let go. Near the edge of the screen the page scrolls along.
 */
import { dropIndex, type Extent } from "./order";

/** A finger trembles: less than this is a tap. */
const THRESHOLD = 6;
const EDGE = 56;
const SPEED = 14;

function scroller(element: HTMLElement): Element {
  for (let node = element.parentElement; node; node = node.parentElement) {
    const { overflowY } = getComputedStyle(node);
    if (/auto|scroll/.test(overflowY) && node.scrollHeight > node.clientHeight) {
      return node;
    }
  }
  return document.scrollingElement ?? document.documentElement;
}

/**
 * Follow the pointer from its `pointerdown` on the handle until it is released.
 *
 * `onEnd` gets the row's new position, or null when it was given up (Escape, a lost pointer, a mere
 * tap); `moved` tells a tap from a drag.
 */
export function startDrag(
  event: PointerEvent,
  list: HTMLElement,
  id: string,
  onEnd: (index: number | null, moved: boolean) => void,
): void {
  const handle = event.currentTarget as HTMLElement;
  const rows = [...list.querySelectorAll<HTMLElement>("[data-row]")];
  const from = rows.findIndex((row) => row.dataset.row === id);
  const own = rows[from];
  if (own === undefined || event.button !== 0) {
    return;
  }
  // All places are relative to the list, so that scrolling on the way does not matter.
  const listTop = () => list.getBoundingClientRect().top;
  const view = scroller(list);
  const whole = view === document.scrollingElement;
  // At once, even where the page scrolls smoothly: places are measured right after it.
  const scroll = (top: number) => view.scrollBy({ top, behavior: "instant" });
  let extents: Extent[] = [];
  let shift = 0;
  let grip = 0;
  let y = event.clientY;
  let index = from;
  let moving = false;
  let frame = 0;

  /** Cards fold to their titles meanwhile (plan.css): a row of tall ones is no way to travel. */
  const lift = () => {
    const before = own.getBoundingClientRect().top;
    own.dataset.dragged = "";
    list.dataset.dragging = "";
    scroll(own.getBoundingClientRect().top - before);
    extents = rows.map((row) => {
      const box = row.getBoundingClientRect();
      return { top: box.top - listTop(), height: box.height };
    });
    const [first, second] = extents;
    const gap = first && second ? second.top - first.top - first.height : 0;
    const { top, height } = extents[from] as Extent;
    shift = height + gap;
    // Where the page could not follow the folding, the card still stays under the pointer.
    grip = top + event.clientY - before;
    moving = true;
    frame = requestAnimationFrame(tick);
  };
  const place = () => {
    const delta = y - listTop() - grip;
    index = dropIndex(extents, from, delta);
    rows.forEach((row, at) => {
      const down = at < from && at >= index ? shift : 0;
      const up = at > from && at <= index ? -shift : 0;
      const offset = row === own ? delta : down + up;
      row.style.transform = offset === 0 ? "" : `translateY(${offset}px)`;
    });
  };
  const tick = () => {
    const box = view.getBoundingClientRect();
    const top = whole ? 0 : box.top;
    const bottom = whole ? window.innerHeight : box.bottom;
    const before = view.scrollTop;
    scroll(y < top + EDGE ? -SPEED : y > bottom - EDGE ? SPEED : 0);
    if (view.scrollTop !== before) {
      place();
    }
    frame = requestAnimationFrame(tick);
  };
  const end = (at: number | null) => {
    cancelAnimationFrame(frame);
    for (const row of rows) {
      row.style.transform = "";
    }
    delete own.dataset.dragged;
    delete list.dataset.dragging;
    handle.removeEventListener("pointermove", follow);
    handle.removeEventListener("pointerup", release);
    handle.removeEventListener("pointercancel", giveUp);
    document.removeEventListener("keydown", onEscape, true);
    onEnd(at, moving);
  };
  const follow = (now: PointerEvent) => {
    if (now.pointerId !== event.pointerId) {
      return;
    }
    y = now.clientY;
    if (!moving && Math.abs(y - event.clientY) >= THRESHOLD) {
      lift();
    }
    if (moving && !own.isConnected) {
      // Taken away by another device: there is nothing left to drop.
      end(null);
    } else if (moving) {
      place();
    }
  };
  const release = (now: PointerEvent) => {
    if (now.pointerId === event.pointerId) {
      end(moving ? index : null);
    }
  };
  const giveUp = () => end(null);
  const onEscape = (pressed: KeyboardEvent) => {
    if (pressed.key === "Escape") {
      pressed.preventDefault();
      pressed.stopPropagation();
      end(null);
    }
  };
  handle.setPointerCapture(event.pointerId);
  handle.addEventListener("pointermove", follow);
  handle.addEventListener("pointerup", release);
  handle.addEventListener("pointercancel", giveUp);
  document.addEventListener("keydown", onEscape, true);
}
