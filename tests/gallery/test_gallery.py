"""The gallery: what author and school agree to, and not one byte of anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.server.helpers import NOW, ROSTER, put
from tests.support.courses import course_at
from ustaz import gallery, shares
from ustaz.answers import Subject
from ustaz.base.errors import UstazError
from ustaz.cli._app import app
from ustaz.course import Course
from ustaz.gallery.stories import byline
from ustaz.roster.people import Person
from ustaz.workbook.kinds import is_stored
from ustaz.workbook.sharing import places_of

WORKBOOKS = """\
[workbooks]
assignments = ["focus", "action-plan", "vignette", "portfolio"]
companions = ["participation", "network-notes", "starting-point", "people-map", "culture"]
"""
STORY = {
    "title": "Сұрақ қорабы",
    "my_school": "Біздің мектеп",
    "concern": "A <b>Thursday</b> in September\u202e",
    "byline": "initials",
    "pull_quote": "Four hands went up.",
    "keywords": ["questions", "<script>alert(1)</script>"],
    "publish": "public",
    "school_permission": "yes",
}


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    monkeypatch.setenv("USTAZ_NOW", NOW)
    monkeypatch.delenv("USTAZ_BOOK", raising=False)
    return course_at(tmp_path / "course", "trial", "Trial", ROSTER, workbooks=WORKBOOKS)


def publish(course: Course, person: str = "aigul-s", **answers: object) -> shares.Share:
    put(course, person, "vignette", **{**STORY, **answers})
    definition = course.library["vignette"]
    share, _ = shares.show(
        course,
        person,
        "public",
        workbook="vignette",
        what="document",
        places=places_of(definition, definition.shares[0]),
    )
    shares.permit(course, share, gallery.content_digest(course, share), by="bakhyt-d")
    return shares.live(course, person)[-1]


def written(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


def test_a_story_stands_there_with_its_byline_and_as_plain_text(course: Course) -> None:
    share = publish(course)
    built = gallery.build(course)
    assert built.folder == (course.dir / "book" / "stories" / "trial").resolve()
    assert built.stories == 1
    page = (built.folder / f"{share.id}.html").read_text()
    assert "A &lt;b&gt;Thursday&lt;/b&gt; in September" in page
    assert "\u202e" not in page
    assert "Ә. С." in page
    assert "Әйгүл" not in page
    assert "<script" not in page
    for lang in ("index.html", "index-ru.html", "index-kk.html"):
        assert STORY["title"] in (built.folder / lang).read_text()
    assert gallery.build(course).written == 0


@pytest.mark.parametrize(
    ("choice", "expected"),
    [("name", "Aigul S."), ("initials", "A. S."), ("anonymous", ""), (None, ""), ("x", "")],
)
def test_the_byline_is_what_the_author_chose(choice: object, expected: str) -> None:
    assert byline(Person("aigul-s", "Aigul S.", ("participant",)), choice) == expected


def test_without_author_or_school_there_is_no_story(course: Course) -> None:
    share = publish(course)
    shares.take_permission_back(course, share, by="bakhyt-d")
    built = gallery.build(course)
    assert built.stories == 0
    assert STORY["title"] not in written(built.folder)
    assert STORY["publish"] == "public"  # a wish publishes nothing


@pytest.mark.parametrize("how", ["author", "school", "words", "left", "gone", "over"])
def test_what_is_taken_back_is_gone_with_the_next_build(
    course: Course, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    share = publish(course)
    built = gallery.build(course)
    assert built.stories == 1
    roster = course.dir / "people.csv"
    if how == "author":
        shares.end(course, "aigul-s", share.id)
    elif how == "school":
        shares.take_permission_back(course, share, by="bakhyt-d")
    elif how == "words":
        put(course, "aigul-s", "vignette", concern="Other words")
    elif how == "left":
        lines = [f"{line}," for line in ROSTER.splitlines()]
        lines[0] += "status"
        lines[2] += "withdrawn"
        roster.write_text("\n".join(lines) + "\n")
    elif how == "gone":
        roster.write_text(ROSTER.replace("aigul-s", "other-s"))
    else:
        shares.show(course, "aigul-s", "public", workbook="vignette", what="document",
                    places=share.places, until=course.today())  # fmt: skip
        later = shares.live(course, "aigul-s")[-1]
        shares.permit(course, later, gallery.content_digest(course, later), by="bakhyt-d")
        assert gallery.build(course).stories == 1
        monkeypatch.setenv("USTAZ_NOW", "2026-11-24T00:01:00+05:00")
    course = Course.open(course.dir)
    again = gallery.build(course)
    assert (again.stories, again.removed) == (0, 1)
    text = written(built.folder)
    assert STORY["title"] not in text
    assert not list(built.folder.glob(f"{share.id}*"))


def test_every_published_byte_is_free_of_what_is_not_shown(course: Course) -> None:
    share = publish(course, byline="anonymous")
    shown = set(share.places)
    for workbook in course.library.ids:
        for field in course.library[workbook].fields:
            if not is_stored(field) or (workbook == "vignette" and field.id in shown):
                continue
            canary = f"canary-{workbook}-{field.id}"
            if field.columns:
                texts = [column for column in field.columns if column.kind == "text"]
                value = {column.id: canary[: column.max or 200] for column in texts}
                change = {"op": "add_row", "path": [field.id, "canaryrow1"], "after": None}
                from tests.server.helpers import write

                write(course, "aigul-s", workbook, [{**change, "value": value}])
            elif field.kind in ("text", "list"):
                put(course, "aigul-s", workbook, **{
                    field.id: canary if field.kind == "text" else [canary]
                })  # fmt: skip
    built = gallery.build(course)
    assert built.stories == 1
    for path in built.folder.rglob("*"):
        data = path.read_bytes()
        for word in ("canary", "aigul", "Әйгүл", "bakhyt", "s1", "g1"):
            assert word.encode() not in data, (path.name, word)


WORDS = st.text(max_size=60).map(lambda text: "".join(c for c in text if c.isprintable()))


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.dictionaries(st.sampled_from(["concern", "my_school", "changed"]), WORDS))
def test_hostile_words_stay_words(course: Course, texts: dict[str, str]) -> None:
    hostile = {key: f"<img src=x onerror=alert(1)>{{{{7*7}}}}{text}" for key, text in texts.items()}
    publish(course, **hostile)
    text = written(gallery.build(course).folder)
    assert "<img" not in text
    assert "<script" not in text
    assert not hostile or "{{7*7}}" in text


def test_the_command_builds_and_removes(course: Course, tmp_path: Path) -> None:
    share = publish(course)
    target = tmp_path / "site"
    run = CliRunner().invoke(
        app, ["gallery", "build", str(course.dir), "--to", str(target), "--json"]
    )
    assert json.loads(run.output)["stories"] == 1
    shares.end(course, "aigul-s", share.id)
    run = CliRunner().invoke(
        app, ["gallery", "build", str(course.dir), "--to", str(target), "--json"]
    )
    assert json.loads(run.output) | {"written": 0} == {
        "folder": str(target), "stories": 0, "written": 0, "removed": 1,
    }  # fmt: skip


def test_a_folder_with_something_else_is_left_alone(course: Course, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("mine")
    with pytest.raises(UstazError) as refused:
        gallery.build(course, tmp_path / "site")
    assert refused.value.id == "gallery_foreign"
    assert (tmp_path / "site" / "index.html").read_text() == "mine"


def test_the_pages_build_again_only_where_a_gallery_is(course: Course) -> None:
    gallery.refresh(course)
    assert not gallery.folder_of(course).exists()
    share = publish(course)
    gallery.build(course)
    shares.end(course, "aigul-s", share.id)
    gallery.refresh(course)
    assert STORY["title"] not in written(gallery.folder_of(course))
    assert course.store.read(Subject.person("aigul-s"), "vignette").answers["title"]
