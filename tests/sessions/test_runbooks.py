"""Runbooks as data: the same meeting in every language, with minutes that add up."""

from __future__ import annotations

import re
from dataclasses import asdict

import pytest

from ustaz.messages import LANGUAGES
from ustaz.sessions.runbooks import runbooks

MARKUP = re.compile(r"\{[a-z]+\}`|\*\*|:::")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_minutes_of_the_blocks_are_those_of_the_meeting(lang: str) -> None:
    known = runbooks(lang)
    assert len(known) >= 19
    for runbook in known:
        assert sum(block.minutes for block in runbook.blocks) == runbook.minutes, runbook.page


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_block_says_its_words_plainly(lang: str) -> None:
    for runbook in runbooks(lang):
        assert runbook.lang == lang, f"{runbook.page} is not whole in {lang}"
        for block in runbook.blocks:
            assert block.title
            assert block.say
            assert block.text
            assert not MARKUP.search(" ".join(map(str, asdict(block).values()))), block.title


def test_a_translation_has_the_same_meeting_in_other_words() -> None:
    english = {runbook.id: runbook for runbook in runbooks("en")}
    for lang in ("kk", "ru"):
        for runbook in runbooks(lang):
            same = english[runbook.id]
            assert runbook.title != same.title
            assert len(runbook.before) == len(same.before) > 0
            for block, source in zip(runbook.blocks, same.blocks, strict=True):
                numbers = ("minutes", "talk", "grouping", "section", "shorten", "drop", "begins")
                assert [getattr(block, name) for name in numbers] == [
                    getattr(source, name) for name in numbers
                ]
                assert block.say != source.say
                assert [page.page for page in block.materials] == [
                    page.page for page in source.materials
                ]


def test_what_may_be_shortened_is_shorter_and_every_workshop_says_where_time_is_found() -> None:
    for runbook in runbooks("en"):
        assert all(block.shorten < block.minutes for block in runbook.blocks)
        if runbook.page.startswith("workshop-"):
            assert runbook.is_one_meeting
            spare = sum(block.minutes - block.shorten for block in runbook.blocks if block.shorten)
            assert spare >= 20, runbook.page
            assert any(block.drop for block in runbook.blocks), runbook.page
            assert not runbook.blocks[-1].drop, "a meeting is closed, however late it is"
