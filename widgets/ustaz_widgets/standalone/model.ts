/** The model of a widget, as anywidget hands it to each view. */

/** What Python says of the last change. */
export interface Reply {
  event: string;
  message: string;
}

export interface Model {
  get: (name: string) => unknown;
  set: (name: string, value: unknown) => void;
  /** Send what was set to the kernel. */
  save_changes: () => void;
  on: (event: string, listener: (message: Reply) => void) => void;
  off: (event: string, listener: (message: Reply) => void) => void;
}
