/** The small menu of a row: what can be done with the whole step. */
import { useLayoutEffect, useRef, useState } from "preact/hooks";

export interface MenuItem {
  id: string;
  label: string;
  run: () => void;
  disabled?: boolean;
}

interface MenuProps {
  label: string;
  items: MenuItem[];
  /** Set to open the menu from outside (a tap on the handle). */
  opener: (open: () => void) => void;
}

export function RowMenu({ label, items, opener }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLSpanElement>(null);
  const toggle = useRef<HTMLButtonElement>(null);
  opener(() => setOpen(true));

  const entries = () => [
    ...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? []),
  ];
  useLayoutEffect(() => {
    if (!open) {
      return undefined;
    }
    entries()[0]?.focus();
    const outside = (event: Event) => {
      // The path, not the target: inside a shadow root the target is the root's host.
      if (root.current && !event.composedPath().includes(root.current)) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", outside);
    document.addEventListener("focusin", outside);
    return () => {
      document.removeEventListener("pointerdown", outside);
      document.removeEventListener("focusin", outside);
    };
  }, [open]);

  const keys = (event: KeyboardEvent) => {
    const list = entries();
    const at = list.indexOf((event.target as HTMLElement).closest("button") as HTMLElement);
    const to = {
      ArrowDown: (at + 1) % list.length,
      ArrowUp: (at - 1 + list.length) % list.length,
      Home: 0,
      End: list.length - 1,
    }[event.key];
    if (event.key === "Escape" || event.key === "Tab") {
      setOpen(false);
      toggle.current?.focus();
      if (event.key === "Tab") {
        return;
      }
    } else if (to === undefined) {
      return;
    } else {
      list[to]?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <span class="uz-plan-menu" ref={root}>
      <button
        type="button"
        ref={toggle}
        class="uz-plan-icon-button"
        data-part="menu"
        aria-haspopup="menu"
        aria-expanded={open}
        aria-label={label}
        onClick={() => setOpen(!open)}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown" && !open) {
            event.preventDefault();
            event.stopPropagation();
            setOpen(true);
          }
        }}
      >
        <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
          <path d="M8 2.2v.1M8 8v.1M8 13.7v.1" class="uz-plan-icon-dots" />
        </svg>
      </button>
      {open ? (
        <div class="uz-plan-menu-list" role="menu" aria-label={label} onKeyDown={keys}>
          {items.map((entry) => (
            <button
              key={entry.id}
              type="button"
              role="menuitem"
              tabIndex={-1}
              data-item={entry.id}
              aria-disabled={entry.disabled ? "true" : undefined}
              onClick={() => {
                if (!entry.disabled) {
                  // Back to the button first: the entry that had the focus is about to go.
                  toggle.current?.focus();
                  setOpen(false);
                  entry.run();
                }
              }}
            >
              {entry.label}
            </button>
          ))}
        </div>
      ) : null}
    </span>
  );
}
