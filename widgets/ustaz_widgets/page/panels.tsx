/**
 * A panel that opens below the form's buttons: it comes into view, the focus goes to its title,
 * Escape closes it. On a phone the buttons stand at the lower edge: without coming into view, a press
 * would seem to have done nothing.
 */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { I18n } from "../model/types";
import { useIds } from "./ids";

interface Props {
  id: string;
  title: string;
  i18n: I18n;
  onClose?: () => void;
  /** Take the focus when it appears: it answers something the person has just done. */
  focus?: boolean;
  /** Another number asks for the focus again: what is open was asked for once more. */
  turn?: number;
  children: ComponentChildren;
}

export function Panel(props: Props) {
  const { title, i18n, onClose, focus = true, turn = 0, children } = props;
  const id = useIds()(props.id);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const title = heading.current;
    if (!focus || !title) return;
    title.focus({ preventScroll: true });
    title.parentElement?.scrollIntoView({ block: "start" });
  }, [focus, turn]);
  return (
    <section
      class="uz-panel"
      id={id}
      aria-labelledby={`${id}-title`}
      onKeyDown={(event) => event.key === "Escape" && onClose?.()}
    >
      <div class="uz-panel-head">
        <h2 id={`${id}-title`} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {onClose && (
          <button type="button" class="uz-tool" aria-label={i18n.t("Close")} onClick={onClose}>
            <span aria-hidden="true">×</span>
          </button>
        )}
      </div>
      {children}
    </section>
  );
}
