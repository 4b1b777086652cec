/** The model of a widget, as anywidget hands it to each view. */

/** What Python says of the last change. */
export interface Said {
  event: string;
  message: string;
}

export interface Model {
  get: (name: string) => unknown;
  set: (name: string, value: unknown) => void;
  /** Send what was set to the kernel. */
  save_changes: () => void;
  on: (event: string, listener: (message: Said) => void) => void;
  off: (event: string, listener: (message: Said) => void) => void;
}

/** What the ids of one view begin with: a notebook may show the same widget twice. */
export const freshPrefix = (name: string): string =>
  `uz-${name}-${Math.random().toString(36).slice(2, 10)}`;
