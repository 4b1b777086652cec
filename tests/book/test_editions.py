"""Two editions from one source: what is for facilitators is in theirs only."""

from __future__ import annotations

import re
from pathlib import Path

from tests.book.conftest import ROOT

CANARIES = ("canary-in-the-module", "canary-in-the-notes")
RUNS = re.compile(r"[^\W_]+")


def everything(folder: Path) -> str:
    return "\n".join(
        path.read_bytes().decode("utf-8", "replace")
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )


def test_the_learner_edition_holds_no_canary_in_any_file(sample_site):
    text = everything(sample_site / "en")
    assert [one for one in CANARIES if one in text] == []
    assert "canari" not in text  # what the search index would make of the word
    assert "canary" not in text


def test_the_facilitator_edition_holds_them_all(sample_site):
    text = everything(sample_site / "facilitator/en")
    assert [one for one in CANARIES if one not in text] == []


def facilitator_blocks() -> list[str]:
    pattern = re.compile(r"^(:{3,})\{facilitator\}[^\n]*\n(.*?)^\1\s*$", re.MULTILINE | re.DOTALL)
    return [
        found.group(2)
        for path in sorted((ROOT / "book").rglob("*.md"))
        for found in pattern.finditer(path.read_text())
    ]


def phrases(text: str) -> list[str]:
    """Return rows of six words, as they would stand in a page."""
    words = RUNS.findall(text)
    return [" ".join(words[n : n + 6]) for n in range(0, len(words) - 6, 6)]


def test_no_words_of_a_facilitator_block_are_in_the_real_learner_edition(site):
    blocks = facilitator_blocks()
    assert len(blocks) >= 3
    learner = " ".join(RUNS.findall(everything(site / "en")))
    facilitator = " ".join(RUNS.findall(everything(site / "facilitator/en")))
    for block in blocks:
        for phrase in phrases(block):
            assert phrase not in learner
        assert any(phrase in facilitator for phrase in phrases(block))


def test_no_runbook_is_in_the_real_learner_edition(site):
    assert not (site / "en/notes").exists()
    titles = [
        path.read_text().split("\ntitle:")[1].splitlines()[0].strip(' "')
        for path in (ROOT / "facilitator_notes").rglob("*.md")
    ]
    text = everything(site / "en")
    assert titles
    assert [one for one in titles if one in text] == []


def test_no_source_file_is_published(site):
    # What the build notes for itself begins with a point, and no server hands it out.
    files = [path for path in site.rglob("*") if path.is_file() and path.name[0] != "."]
    suffixes = {path.suffix for path in files}
    assert suffixes <= {".html", ".js", ".css", ".svg", ".json", ".txt"}
    assert not list(site.rglob("_sources"))
