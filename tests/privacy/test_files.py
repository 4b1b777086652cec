"""Evidence files go with their person: into the export under their names, and away."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.grading.support import IGNORE
from tests.privacy.helpers import AIGUL, MARAT, residue
from tests.support import hostile_files as samples
from ustaz.base.evidence import JPEG, PDF
from ustaz.course import Course
from ustaz.files import FileStore
from ustaz.files.content import Content
from ustaz.privacy import erase, export, subject_of

pytestmark = pytest.mark.filterwarnings(IGNORE)
NAME = "Тақта.pdf"


@pytest.fixture
def kept(course: Course) -> Course:
    store = FileStore(course.people_dir)
    content = Content(PDF, samples.pdf(), pages=(Content(JPEG, samples.jpeg(), 64, 48),))
    for person in (AIGUL, MARAT):
        store.keep(person, content, name=NAME, original="0" * 64, visible="none")
    return course


def test_an_export_has_the_files_under_their_names(kept: Course, tmp_path: Path) -> None:
    folder = export(subject_of(kept.dir, AIGUL), tmp_path / "out").folder
    (path,) = (folder / "trial" / "files").iterdir()
    assert path.name.endswith(NAME)
    assert path.read_bytes() == samples.pdf()
    assert NAME in (folder / "README.html").read_text(encoding="utf-8")
    assert not list(folder.rglob("*.lock"))


def test_an_erased_person_has_no_files_and_others_keep_theirs(kept: Course) -> None:
    erase(subject_of(kept.dir, AIGUL), by="root")
    assert not (kept.people_dir / AIGUL).exists()
    assert residue(kept.people_dir / MARAT, NAME)
    assert len(FileStore(kept.people_dir).records(MARAT)) == 2
