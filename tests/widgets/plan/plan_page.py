"""The action plan on a page of its own: built once, opened with any answers, without a server."""

from __future__ import annotations

import functools
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
WIDGETS = ROOT / "widgets" / "ustaz_widgets"
BUILD = """
import * as esbuild from "esbuild";
import {{ options }} from "{build}";
await esbuild.build({{
  ...options, minify: false, entryPoints: {{ plan: "{entry}" }}, outdir: process.argv[1],
}});
"""
PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Plan</title>
<style>{theme}</style><style>{style}</style></head>
<body><div class="uz-page"><div class="uz-body"><p></p><main class="uz-main" id="ustaz-app">
<h1>Plan</h1><div id="app"></div></main></div></div>
<p id="said" role="status" class="uz-hidden"></p>
<script type="application/json" id="setup">{setup}</script>
<script type="module">{script}</script></body></html>"""

TODAY = "2026-11-23"
CONTACTS = [{"id": "p1aaaaa", "alias": "Ә.Қ."}, {"id": "p2aaaaa", "alias": "A.N."}]
STEPS: list[dict[str, Any]] = [
    {
        "id": "r1aaaaaaa",
        "action": "Ask the grade 5 teacher what she notices",
        "strand": "consult",
        "who": ["self"],
        "start": "2026-10-05",
        "due": "2026-10-16",
        "evidence_expected": ["ev_note"],
        "status": "done",
        "done_on": "2026-10-14",
    },
    {
        "id": "r2aaaaaaa",
        "action": "Prepare ten picture cards",
        "strand": "design",
        "who": ["self", "p1aaaaa"],
        "start": "2026-10-12",
        "due": "2026-11-13",
        "resources": "Card paper",
        "evidence_expected": ["ev_lesson", "ev_photo"],
        "status": "doing",
    },
    {
        "id": "r3aaaaaaa",
        "action": "Pair talk every Wednesday",
        "strand": "try_out",
        "who": ["self"],
        "start": "2026-11-09",
        "due": "2027-01-22",
        "evidence_expected": ["ev_pupil"],
        "status": "doing",
    },
    {
        "id": "r4aaaaaaa",
        "action": "Film a lesson in the other class",
        "strand": "observe",
        "start": "2026-12-01",
        "due": "2026-12-18",
        "status": "dropped",
        "what_happened": "No camera; we observe each other instead.",
    },
    {"id": "r5aaaaaaa", "action": "Show it to the other teachers"},
]


def build(target: Path) -> None:
    """Bundle the harness into a folder."""
    beside = Path(sys.executable).with_name("node")
    node = str(beside) if beside.exists() else shutil.which("node")
    assert node is not None, "the locked environment brings Node along"
    script = BUILD.format(build=WIDGETS / "build.mjs", entry=WIDGETS / "dev" / "harness.tsx")
    subprocess.run(
        [node, "--input-type=module", "-e", script, str(target)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


def definition(workbook: str, lang: str = "en") -> dict[str, Any]:
    """Return a workbook's definition as the page gets it."""
    return dict(json.loads(_definition(workbook, lang)))


@functools.cache
def _definition(workbook: str, lang: str) -> str:
    from ustaz.messages import translator
    from ustaz.workbook import definition_json, load

    loaded = load(ROOT / "workbooks" / workbook / "workbook.yml")
    return json.dumps(definition_json(loaded, translator(lang).gettext))


class Plan:
    """The page with one plan on it.

    Parameters
    ----------
    page : playwright Page
    built : Path
        Where `build` put the bundle.
    """

    def __init__(self, page: Any, built: Path) -> None:
        self.page = page
        self.built = built

    def open(
        self,
        steps: list[dict[str, Any]] | None = None,
        *,
        lang: str = "en",
        mode: str = "edit",
        answers: dict[str, Any] | None = None,
    ) -> Plan:
        """Show the plan with these steps (the five of `STEPS` when none are given)."""
        from ustaz.messages import frontend

        setup = {
            "definition": definition("action-plan", lang),
            "people": definition("people-map", lang),
            "table": "steps",
            "answers": {
                "start": "2026-10-05",
                "end": "2027-05-21",
                "steps": STEPS if steps is None else steps,
                **(answers or {}),
            },
            "contacts": CONTACTS,
            "lang": lang,
            "mode": mode,
            "context": {
                "today": TODAY,
                "programme_start": "2026-09-01",
                "programme_end": "2027-06-30",
            },
            "messages": frontend(lang),
        }
        self.page.set_content(
            PAGE.format(
                lang=lang,
                theme=(WIDGETS / "page" / "page.css").read_text("utf-8"),
                style=(self.built / "plan.css").read_text("utf-8"),
                setup=json.dumps(setup, ensure_ascii=False).replace("<", "\\u003c"),
                script=(self.built / "plan.js")
                .read_text("utf-8")
                .replace("</script", "<\\/script"),
            )
        )
        self.page.wait_for_selector(".uz-plan, .uz-plan-none")
        return self

    # ------------------------------------------------------------ what it shows

    @property
    def order(self) -> list[str]:
        """Return the ids of the rows, as they stand on the page."""
        return list(
            self.page.eval_on_selector_all(
                "[data-list] [data-row]", "rows => rows.map(row => row.dataset.row.slice(0, 2))"
            )
        )

    @property
    def stored(self) -> list[dict[str, Any]]:
        """Return the rows as the store holds them."""
        return list(self.page.evaluate("() => plan.store.answers.steps ?? []"))

    @property
    def changes(self) -> list[dict[str, Any]]:
        """Return every change sent so far."""
        return list(self.page.evaluate("() => plan.changes"))

    @property
    def said(self) -> list[str]:
        """Return what was announced to screen readers, without the marks that isolate names."""
        return list(
            self.page.evaluate("() => plan.said.map(text => text.replace(/[\\u2068\\u2069]/g, ''))")
        )

    @property
    def focused(self) -> str:
        """Return where the focus is: the row's short id and the part or column."""
        return str(
            self.page.evaluate(
                """() => {
                  const at = document.activeElement;
                  const row = at.closest("[data-row]")?.dataset.row.slice(0, 2) ?? "-";
                  const part = at.closest("[data-part]")?.dataset.part;
                  const column = at.closest("[data-column]")?.dataset.column;
                  return `${row} ${part ?? column ?? at.tagName}`;
                }"""
            )
        )

    def row(self, short: str) -> Any:
        """Return the element of a row, by the first two characters of its id."""
        return self.page.locator(f'[data-row^="{short}"]')

    def handle(self, short: str) -> Any:
        """Return a row's handle."""
        return self.row(short).locator(".uz-plan-handle")

    def menu(self, short: str, item: str) -> None:
        """Choose from a row's menu."""
        self.row(short).locator('[data-part="menu"]').click()
        self.row(short).locator(f'[data-item="{item}"]').click()
