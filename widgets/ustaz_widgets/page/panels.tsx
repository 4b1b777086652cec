/** A panel that opens below the form's buttons: the focus goes to its title, Escape closes it. */
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { I18n } from "../core/types";

interface Props {
  id: string;
  title: string;
  i18n: I18n;
  onClose?: () => void;
  /** Take the focus when it appears: it answers something the person has just done. */
  focus?: boolean;
  children: ComponentChildren;
}

export function Panel({ id, title, i18n, onClose, focus = true, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focus) heading.current?.focus();
  }, [focus]);
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
