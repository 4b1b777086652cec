"""Course staff add a workbook with one file: no Python, no TypeScript."""

import json
import re
import shutil
import warnings
from pathlib import Path

import pytest

from ustaz.answers import Batch, Subject
from ustaz.cli._app import run
from ustaz.course import Course
from ustaz.workbook import data_dictionary, json_schema, tidy

TINY = Path(__file__).parent / "fixtures" / "tiny"
MOMENT = "Екінші сыныптағы тыныш оқушы бүгін өзі сұрақ қойды."


def ustaz(*arguments: object) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of nbgrader's database layer
        return run([str(one) for one in arguments])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course whose staff put a workbook of their own beside its settings."""
    monkeypatch.setenv("USTAZ_NOW", "2026-11-23T09:00:00+00:00")
    found = tmp_path / "course"
    assert ustaz("new", found) == 0
    shutil.copytree(TINY, found / "library" / "tiny")
    settings = (found / "ustaz.toml").read_text(encoding="utf-8")
    settings, changed = re.subn(
        r"^assignments = \[.*\]$", 'assignments = ["focus", "tiny"]', settings, flags=re.MULTILINE
    )
    assert changed == 1
    settings = settings.replace("library = []", 'library = ["library"]')
    settings = settings.replace("demo = false", "demo = true")  # submits for an invented person
    (found / "ustaz.toml").write_text(settings, encoding="utf-8")
    (found / "people.csv").write_text(
        "person,name,role,group,school,lang,account\n"
        "aigul-s,Aigul S.,participant,north,school-62,kk,\n",
        encoding="utf-8",
    )
    return found


def test_a_new_workbook_is_checked_and_built_by_the_command(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library, schemas = folder / "library", folder / "schemas"
    assert ustaz("workbook", "check", "tiny", "--dir", library) == 0
    assert "tiny 1.0.0" in capsys.readouterr().out
    assert ustaz("workbook", "build", "tiny", "--dir", library, "--schemas", schemas) == 0
    assert (library / "tiny" / "tiny.ipynb").is_file()
    schema = json.loads((schemas / "tiny.schema.json").read_text(encoding="utf-8"))
    assert schema == json_schema(Course.open(folder).library["tiny"])


def test_a_new_workbook_is_filled_in_handed_in_graded_and_counted(folder: Path) -> None:
    from nbgrader.api import Gradebook

    course = Course.open(folder)
    change = {"op": "set", "path": ["what"], "value": MOMENT}
    batch = {"batch": "b1", "client": "c1", "base_revision": 0, "lang": "kk", "changes": [change]}
    subject = Subject.person("aigul-s")
    saved = course.store.save(subject, "tiny", Batch.from_json(batch), who="aigul-s")
    assert saved.applied == 1
    assert ustaz("workbook", "build", "tiny", "--course", folder) == 0
    assert ustaz("submit", folder, "--workbook", "tiny", "--person", "aigul-s") == 0
    assert ustaz("collect", folder) == 0
    assert ustaz("grade", folder) == 0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
            assert book.find_submission("tiny", "aigul-s").score == 1.0
    answers = course.store.read(subject, "tiny").answers
    frame = tidy(course.library["tiny"], [("aigul-s", answers)])["tiny"]
    assert frame["what"].tolist() == [MOMENT]
    assert list(data_dictionary(course.library["tiny"])["column"]) == ["person", "what"]
