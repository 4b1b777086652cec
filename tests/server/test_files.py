"""The calls that stand in for nbgrader's folders: notebooks, own rounds, own feedback."""

from __future__ import annotations

import json

import pytest

from tests.server import helpers
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.exchange import submit
from ustaz.exchange.receipts import feedback_dir
from ustaz.server.api import exchange_files
from ustaz.server.http import HTTPProblem
from ustaz.server.site import Site

NOTEBOOK = '{"cells": []}\n'


@pytest.fixture
def released(course: Course, site: Site) -> Site:
    folder = course.dir / "release" / "focus"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "focus.ipynb").write_text(NOTEBOOK)
    helpers.put(course, "aigul-s", "focus", **helpers.FOCUS)
    submit(course, "aigul-s", "focus", identity=acting_as(course, "aigul-s"))
    return site


def test_the_list_holds_the_askers_own_rounds_only(released: Site):
    said = json.loads(exchange_files.assignments(helpers.visit(released, "aigul-s")).body)
    assert said["person"] == "aigul-s"
    focus = next(one for one in said["assignments"] if one["workbook"] == "focus")
    assert focus["notebooks"] == ["focus.ipynb"]
    [one] = focus["rounds"]
    assert (one["round"], one["status"], one["feedback"]) == (1, "received", False)
    assert one["timestamp"].endswith(".000001 UTC")
    other = json.loads(exchange_files.assignments(helpers.visit(released, "olga-p")).body)
    assert all(not one["rounds"] for one in other["assignments"])


def test_a_notebook_is_given_out_as_it_was_released(released: Site):
    reply = exchange_files.notebook(helpers.visit(released, "aigul-s", workbook="focus"))
    said = json.loads(reply.body)
    assert said["notebooks"] == [{"name": "focus.ipynb", "text": NOTEBOOK}]
    assert reply.headers["ETag"]


@pytest.mark.parametrize("workbook", ["action-plan", "nope"])
def test_what_was_not_released_is_refused(released: Site, workbook: str):
    with pytest.raises(HTTPProblem, match="no_workbook"):
        exchange_files.notebook(helpers.visit(released, "aigul-s", workbook=workbook))


def test_feedback_is_given_out_when_it_was_released_and_to_its_owner(
    released: Site, course: Course, monkeypatch: pytest.MonkeyPatch
):
    folder = feedback_dir(course, "aigul-s", "focus", 1)
    folder.mkdir(parents=True)
    (folder / "focus.html").write_text("<p>Жақсы</p>", encoding="utf-8")
    params = {"workbook": "focus", "round": "1"}
    with pytest.raises(HTTPProblem, match="no_feedback"):
        exchange_files.feedback(helpers.visit(released, "aigul-s", **params))
    with pytest.raises(HTTPProblem, match="no_round"):
        exchange_files.feedback(helpers.visit(released, "olga-p", **params))
    found = exchange_files.find_round

    def returned(one: exchange_files.Record, number: str) -> object:
        from dataclasses import replace

        return replace(found(one, number), returned_at="2026-11-23T14:05:00+05:00")

    monkeypatch.setattr(exchange_files, "find_round", returned)
    said = json.loads(exchange_files.feedback(helpers.visit(released, "aigul-s", **params)).body)
    assert said == {"round": 1, "files": [{"name": "focus.html", "text": "<p>Жақсы</p>"}]}
