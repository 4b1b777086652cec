"""A page that shows one widget as a notebook does: its own script and style, and Python behind it.

There is no JupyterLab around it. What the page sets goes to the widget's `set_state`, what Python
says goes to the page; both go through JSON, as in a notebook.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from comm.base_comm import BaseComm
from ipywidgets import Widget

PAGE: Final = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<style>body {{ margin: 0; padding: 8px; background: Canvas; }} html {{ color-scheme: light dark; }}
.views {{ display: grid; grid-template-columns: minmax(0, 1fr); gap: 8px; }}</style>
<style>{style}</style></head><body><main class="views"></main></body></html>"""

MODEL: Final = """async ([esm, state, views]) => {
  const heard = new Map();
  const fresh = new Set();
  const names = (events) => events.split(" ");
  const say = (event, value) => {
    for (const listener of [...(heard.get(event) ?? [])]) listener(value);
  };
  const put = (name, value) => {
    if (JSON.stringify(state[name]) === JSON.stringify(value)) return false;
    state[name] = value;
    say(`change:${name}`);
    return true;
  };
  const model = {
    get: (name) => state[name],
    set: (name, value) => { if (put(name, value)) fresh.add(name); },
    save_changes: () => {
      const changed = Object.fromEntries([...fresh].map((name) => [name, state[name]]));
      fresh.clear();
      if (Object.keys(changed).length > 0) window.toPython(JSON.stringify(changed));
    },
    // What a preview asks of its kernel: whether its file was saved.
    send: () => {},
    on: (events, listener) => {
      for (const event of names(events)) {
        heard.set(event, (heard.get(event) ?? new Set()).add(listener));
      }
    },
    off: (events, listener) => {
      for (const event of names(events)) heard.get(event)?.delete(listener);
    },
  };
  window.fromPython = (message) => {
    if (message.method === "custom") say("msg:custom", message.content);
    else Object.entries(message.state).forEach(([name, value]) => put(name, value));
  };
  window.model = model;
  window.unsent = () => fresh.size;
  window.say = say;
  const url = URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
  const { default: { render } } = await import(url);
  window.closes = [];
  for (let view = 0; view < views; view += 1) {
    const el = document.createElement("div");
    document.querySelector("main").append(el);
    window.closes.push(render({ model, el }));
  }
}"""


class _Comm(BaseComm):
    """Where Python's messages to the page wait."""

    def __init__(self, waiting: list[dict[str, Any]]) -> None:
        self.waiting = waiting
        super().__init__(target_name="jupyter.widget")

    def publish_msg(self, msg_type: str, data: Any = None, **_: Any) -> None:  # noqa: ANN401
        """Keep a message until the page takes it."""
        if msg_type == "comm_msg":
            self.waiting.append(json.loads(json.dumps(data)))


class WidgetPage:
    """A widget on a page of its own.

    Parameters
    ----------
    page : object
        Playwright's.
    widget : Widget
    views : int
        How often it is shown.
    """

    def __init__(self, page: Any, widget: Widget, *, views: int = 1) -> None:  # noqa: ANN401
        self.page = page
        self.widget = widget
        self._waiting: list[dict[str, Any]] = []
        self._typed: list[dict[str, Any]] = []
        widget.comm = _Comm(self._waiting)
        self._waiting.clear()
        page.goto("about:blank")
        lang = getattr(widget, "language", "en")
        page.set_content(PAGE.format(lang=lang, title=type(widget).__name__, style=widget._css))  # type: ignore[attr-defined]  # noqa: SLF001
        # A page keeps the function when it shows the next widget.
        page.typed = self._typed
        if not getattr(page, "hears", False):
            page.expose_function("toPython", lambda text: page.typed.append(json.loads(text)))
            page.hears = True
        page.evaluate(MODEL, [widget._esm, self._state(), views])  # type: ignore[attr-defined]  # noqa: SLF001

    def _state(self) -> dict[str, Any]:
        names: Iterable[str] = (name for name in self.widget.keys if name != "layout")
        state = {name: getattr(self.widget, name) for name in names}
        return dict(json.loads(json.dumps(state, default=str)))

    def pump(self) -> None:
        """Let the page and Python hear of each other, until neither has more to say."""
        while True:
            self.page.wait_for_timeout(0)
            if not self._typed and not self._waiting:
                return
            for state in self._typed[:]:
                self._typed.remove(state)
                self.widget.set_state(state)
            for message in self._waiting[:]:
                self._waiting.remove(message)
                if message["method"] in {"update", "custom", "echo_update"}:
                    self.page.evaluate("message => window.fromPython(message)", message)

    def wait_until_sent(self) -> None:
        """Wait until what was typed last has reached Python, and its answer the page."""
        for _ in range(100):
            if self._typed:
                break
            self.page.wait_for_timeout(50)
        self.pump()
