"""`python tools/widget_pictures.py`: the pictures of docs/widgets.md, in the real Chromium.

The people are invented. Bundles must have been built (`npm run build`).
"""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any, Final

from PIL import Image

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from ustaz_widgets import Levels, PeopleMap, Plan, Ratings, StoryLine

from tests.support.browser import browser
from tools.widget_page import WidgetPage

PICTURES: Final = Path(__file__).resolve().parent.parent / "docs" / "pictures"
TODAY: Final = "2026-11-23"
#: Enough for flat colours and the edges of letters; a third of the size.
COLOURS: Final = 64


def examples() -> dict[str, tuple[Any, int, int]]:
    """Return each widget with the width of its page and how much of its height is shown."""
    plan = Plan(
        [
            {
                "action": "Ask the grade 5 teacher and two parents what they notice",
                "strand": "consult",
                "start": "2026-10-05",
                "due": "2026-10-16",
                "status": "done",
                "done_on": "2026-10-14",
            },
            {
                "action": "Prepare ten picture cards",
                "strand": "design",
                "start": "2026-10-12",
                "due": "2026-11-13",
                "status": "doing",
            },
            {
                "action": "Pair talk every Wednesday",
                "strand": "try_out",
                "start": "2026-11-09",
                "due": "2027-01-22",
                "status": "doing",
            },
            {
                "action": "Listen to two recordings",
                "strand": "review",
                "start": "2027-01-25",
                "due": "2027-02-05",
                "status": "not_started",
            },
        ],
        today=TODAY,
    )
    ratings = Ratings(
        {
            "trust": {"now": 3, "wanted": 5},
            "voice": {"now": 2, "wanted": 4},
            "time": {"now": 1, "wanted": 3},
            "support": {"now": 4, "wanted": 4},
        },
        dimensions={
            "trust": "Trust",
            "voice": "Voice in decisions",
            "time": "Time and place",
            "support": "Support",
        },
        earlier={"trust": {"now": 2}, "voice": {"now": 2}, "time": {"now": 2}},
        read_only=True,
    )
    people = PeopleMap(
        [
            {
                "alias": "Ә.Қ.",
                "relation": "close_colleague",
                "interest": 5,
                "influence": 2,
                "stance": "supports",
            },
            {
                "alias": "S.M.",
                "relation": "deputy",
                "interest": 2,
                "influence": 5,
                "stance": "open",
            },
            {"alias": "parents of 3B", "interest": 5, "influence": 3, "stance": "unsure"},
            {"alias": "librarian"},
        ]
    )
    story = StoryLine(
        [
            *plan.events(),
            {"kind": "concern", "day": "2026-09-21", "text": "Few pupils ask"},
            {"kind": "consultation", "day": "2026-10-08", "text": "With A.N., over tea"},
            {"kind": "meeting", "day": "2026-10-20", "text": "Workshop 2"},
            {"kind": "evidence", "day": "2026-11-12", "text": "Recording of a pair talk"},
        ],
        today=TODAY,
    )
    levels = Levels({"t2": {"level": 2, "reason": "Two mothers changed the card."}})
    return {
        "plan": (plan, 1160, 1000),
        "ratings": (ratings, 700, 800),
        "people-map": (people, 700, 700),
        "story-line": (story, 800, 760),
        "levels": (levels, 700, 640),
    }


def main() -> None:
    """Write every picture."""
    with browser() as chromium:
        for name, (widget, width, height) in examples().items():
            page = chromium.new_page(viewport={"width": width, "height": height})
            WidgetPage(page, widget)
            view = page.locator(".uz-standalone")
            view.wait_for()
            page.locator(".uz-loading").wait_for(state="detached")
            page.wait_for_timeout(200)
            box = view.bounding_box()
            drawn = page.screenshot(
                clip={**box, "height": min(box["height"], height - box["y"])}, animations="disabled"
            )
            picture = Image.open(io.BytesIO(drawn)).convert("RGB").quantize(COLOURS)
            picture.save(PICTURES / f"widget-{name}.png", optimize=True)
            page.close()


if __name__ == "__main__":
    main()
