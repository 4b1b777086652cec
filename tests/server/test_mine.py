"""Everything that is mine, from home: the own words with private ones, and nobody else's."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path

import pytest

from tests.privacy import helpers as seeds
from tests.privacy.helpers import AIGUL, MARAT
from ustaz.course import Course
from ustaz.course.identity import acting_as
from ustaz.server.http import HTTPProblem, Request, Response
from ustaz.server.pages import mine
from ustaz.server.site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("mine")
    shutil.copytree(seeds.seeded_dir(tmp_path_factory), folder / "course")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("USTAZ_NOW", seeds.NOW)
        course = Course.open(folder / "course")
    return Site(course, book_dir=folder / "site")


@pytest.fixture(autouse=True)
def _new_throttle(site: Site) -> None:
    site.throttle = type(site.throttle)()


def take(site: Site, who: str, do: str = "take") -> Response:
    return mine.take(
        Request(
            site=site, method="POST", path="", params={}, query={}, form={"do": do}, body=b"",
            headers={}, identity=acting_as(site.course, who), words=site.words("kk"), xsrf="x",
        )
    )  # fmt: skip


def opened(reply: Response) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(reply.body)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_copy_holds_all_own_words_and_nobody_elses_and_nothing_staff_are_at(site: Site) -> None:
    reply = take(site, AIGUL)
    assert reply.headers["Content-Disposition"] == f'attachment; filename="trial-{AIGUL}.zip"'
    assert reply.headers["Cache-Control"] == "no-store"
    files = opened(reply)
    assert f"{AIGUL}/README.html" in files
    whole = b"\n".join(files.values()).decode("utf-8", "replace")
    for word in seeds.WORDS:
        assert word in whole, word
    for word in seeds.OTHERS_WORDS:
        assert word not in whole, word
    names = "\n".join(files)
    assert "/data/answers/" in names
    for place in ("graded", "marks", "gradebook", "published"):
        assert f"/data/{place}" not in names


def test_everybody_gets_their_own(site: Site) -> None:
    whole = b"\n".join(opened(take(site, MARAT)).values()).decode("utf-8", "replace")
    assert seeds.OTHERS_WORDS[0] in whole
    for word in seeds.WORDS:
        assert word not in whole, word


def test_too_many_copies_wait_and_too_large_ones_are_said(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mine, "MOST", 100)
    with pytest.raises(HTTPProblem) as refused:
        take(site, AIGUL)
    assert (refused.value.status, refused.value.id) == (413, "too_much_to_take")
    monkeypatch.setattr(mine, "_copy", lambda course, person: b"")
    for _ in range(2):
        assert take(site, AIGUL).status == 200
    with pytest.raises(HTTPProblem) as refused:
        take(site, AIGUL)
    assert refused.value.status == 429


def test_a_copy_that_takes_too_long_is_ended_and_leaves_nothing(
    site: Site, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(mine, "SECONDS", 0.01)
    monkeypatch.setattr(mine.tempfile, "tempdir", str(tmp_path))
    with pytest.raises(HTTPProblem) as refused:
        take(site, AIGUL)
    assert (refused.value.status, refused.value.id) == (503, "not_taken")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_made_by_a_mere_look(site: Site) -> None:
    with pytest.raises(HTTPProblem) as refused:
        take(site, AIGUL, do="")
    assert refused.value.status == 400


def test_the_limits_of_both_rooms_agree() -> None:
    from ustaz.privacy import own_copy

    assert own_copy.__name__ == mine.MODULE
    assert mine.TOO_MUCH == own_copy.TOO_MUCH
