"""Pages that a web server before the hub shows by itself: when the hub does not answer.

Nothing of Ustaz runs then, so they are plain files, in every language at once, without a request
of their own. ``python -m ustaz.hub.error_pages FOLDER`` writes them; ``deploy/pages/`` has them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from ustaz.hub.pages import FOLDER, HOME
from ustaz.messages import LANGUAGE_NAMES, LANGUAGES, N_, translator
from ustaz.server.templates import environment

#: File: title, hint, and after how many seconds it tries again.
PAGES: Final[dict[str, tuple[str, str, int]]] = {
    "away.html": (
        N_("The course does not answer just now."),
        N_("Nothing is lost: what was saved is safe, and what was not saved yet is kept in your"
           " browser. This page tries again by itself."),
        5,
    ),
    "too-large.html": (
        N_("This file is too large, so nothing was changed."),
        N_("Go back and choose a smaller one."),
        0,
    ),
}  # fmt: skip


def pages() -> dict[str, str]:
    """Return the pages by file name."""
    template = environment(FOLDER).get_template("outside.html")
    rendered = {}
    for name, (title, hint, again) in PAGES.items():
        texts = [
            {"lang": lang, "name": LANGUAGE_NAMES[lang], "title": say(title), "hint": say(hint),
             "home": say(HOME)}
            for lang in reversed(LANGUAGES)
            for say in [translator(lang).gettext]
        ]  # fmt: skip
        rendered[name] = template.render(texts=texts, again=again) + "\n"
    return rendered


def main() -> None:
    """Write them into a folder."""
    for name, text in pages().items():
        (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
