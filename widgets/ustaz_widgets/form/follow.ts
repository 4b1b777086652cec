/**
 * A pointer from its `pointerdown` on an element until it is released: mouse, pen or finger.
 *
 * The element keeps a touch from scrolling; a finger anywhere else still scrolls the page.
 */

/** A finger trembles: less than this is a tap. */
const THRESHOLD = 6;

/** `moved` gets each place on the way, `end` the last one: null after a tap, Escape or a lost pointer. */
export function follow(
  event: PointerEvent,
  moved: (now: PointerEvent) => void,
  end: (last: PointerEvent | null) => void,
): void {
  const element = event.currentTarget as Element;
  if (event.button !== 0) return;
  let moving = false;
  const ended = new AbortController();
  const stop = (last: PointerEvent | null) => {
    ended.abort();
    end(moving ? last : null);
  };
  const listen = { signal: ended.signal };
  const own = (now: Event): now is PointerEvent =>
    (now as PointerEvent).pointerId === event.pointerId;
  element.setPointerCapture(event.pointerId);
  element.addEventListener(
    "pointermove",
    (now) => {
      if (!own(now)) return;
      moving ||= Math.hypot(now.clientX - event.clientX, now.clientY - event.clientY) >= THRESHOLD;
      if (moving) moved(now);
    },
    listen,
  );
  element.addEventListener("pointerup", (now) => own(now) && stop(now), listen);
  element.addEventListener("pointercancel", (now) => own(now) && stop(null), listen);
  document.addEventListener(
    "keydown",
    (now) => {
      if (now.key !== "Escape") return;
      now.preventDefault();
      now.stopPropagation();
      stop(null);
    },
    { ...listen, capture: true },
  );
}
