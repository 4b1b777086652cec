"""How the run of nbgrader's own tests is judged: nothing fails unsaid, and no list grows old."""

from __future__ import annotations

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

TOOLS = Path(__file__).resolve().parent.parent / "tools"


@pytest.fixture(scope="module")
def suite() -> ModuleType:
    spec = importlib.util.spec_from_file_location("nbgrader_suite", TOOLS / "nbgrader_suite.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("outcome", "listed", "code"),
    [
        ({"a::x": "passed"}, {}, 0),
        ({"a::x": "passed", "a::y": "skipped"}, {}, 0),
        ({"a::x": "passed", "a::y": "failed"}, {}, 1),
        ({"a::x": "passed", "a::y": "failed"}, {"a::y": "the course id"}, 0),
        ({"a::x": "passed", "a::y": "passed"}, {"a::y": "the course id"}, 1),
        ({"a::x": "passed", "a::y": "skipped"}, {"a::y": "the course id"}, 1),
        ({"a::x": "passed"}, {"b::not-in-this-part": "the course id"}, 0),
        ({}, {}, 1),
        ({"a::y": "failed"}, {"a::y": "the course id"}, 1),
    ],
)
def test_an_unlisted_failure_a_listed_success_and_no_success_at_all_fail_the_run(
    suite: ModuleType, outcome: dict[str, str], listed: dict[str, str], code: int
) -> None:
    assert suite.judge(outcome, {"failures": listed}) == code


def test_a_report_is_read_with_its_failures_and_errors(suite: ModuleType, tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    report.write_text(
        "<testsuites><testsuite>"
        '<testcase classname="apps.test_a.TestA" name="one"/>'
        '<testcase classname="apps.test_a.TestA" name="two"><failure/></testcase>'
        '<testcase classname="apps.test_a.TestA" name="three"><error/></testcase>'
        '<testcase classname="apps.test_a.TestA" name="four"><skipped/></testcase>'
        '<testcase classname="apps.test_a.TestA" name="two"/>'
        "</testsuite></testsuites>"
    )
    assert suite.outcomes(report) == {
        "apps.test_a.TestA::one": "passed",
        "apps.test_a.TestA::two": "failed",
        "apps.test_a.TestA::three": "failed",
        "apps.test_a.TestA::four": "skipped",
    }


def test_what_is_listed_has_a_reason_and_the_part_exists(suite: ModuleType) -> None:
    table = tomllib.loads(suite.TABLE.read_text(encoding="utf-8"))
    assert all(reason.strip() for reason in table["failures"].values())
    assert table["part"]
    files = [suite.tests_of_nbgrader() / one.partition("::")[0] for one in table["part"]]
    missing = [one for one in files if not one.exists()]
    assert missing == []
