"""What a school tells of its year: who writes, who reads and until when, what is published."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.server.helpers import LANGUAGES, ROSTER, html, visit
from ustaz import gallery
from ustaz.backup import make_backup, restore
from ustaz.course import Course
from ustaz.schools import outcomes as store
from ustaz.server.http import HTTPProblem, Response
from ustaz.server.pages import outcomes as pages
from ustaz.server.pages import participant
from ustaz.server.site import Site

#: Teachers of s2 and s1 meet in g1; nobody of s3 does. Kairat facilitates where s1 has nobody.
MORE = """\
maria-f,Maria F.,participant,g9,s3,en,
kairat-f,Kairat F.,facilitator,g9,,en,
other-d,Other D.,director,,s2,en,
third-d,Third D.,director,,s3,en,
link-l,Link L.,director,,s1,en,
reader-r,Reader R.,reviewer,,,en,
"""
WORDS = "Pupils ask now <b> before the teacher does"
TITLE = "Thursday has an hour"
FORM = {"do": "write", "title": TITLE, "changed": WORDS, "lang": "en"}
READERS = ("aigul-s", "yerlan-b", "dina-f", "olga-p", "other-d", "saule-m", "maria-f", "third-d",
           "kairat-f")  # fmt: skip
#: Who reads it beside the directors of the school, by whom it is shown to.
SEEN = {
    "": set(),
    store.SCHOOL: {"aigul-s", "yerlan-b", "dina-f"},
    store.SCHOOLS: {"aigul-s", "yerlan-b", "dina-f", "olga-p", "other-d"},
    store.STAFF: {"aigul-s", "yerlan-b", "dina-f", "saule-m"},
    store.PUBLIC: {"aigul-s", "yerlan-b", "dina-f", "saule-m"},
}


@pytest.fixture(autouse=True)
def _roster(course: Course) -> None:
    (course.dir / "people.csv").write_text(ROSTER + MORE, encoding="utf-8")


def act(site: Site, person: str, **form: str) -> Response:
    return pages.act(visit(site, person, "school/outcomes", method="POST", form=form))


def seen(site: Site, person: str, lang: str = "en", **query: str) -> str:
    return html(pages.outcomes(visit(site, person, "school/outcomes", lang=lang, query=query)))


def only(site: Site) -> store.Outcome:
    (known,) = store.read(site.course)
    return known


def begun(site: Site, **form: str) -> store.Outcome:
    assert act(site, "bakhyt-d", **(FORM | form)).status == 303
    return store.read(site.course)[-1]


def show(site: Site, to: str, person: str = "bakhyt-d", **more: str) -> Response:
    known = only(site)
    form = {"do": "show", "id": known.id, "revision": str(known.revision), "to": to, "read": "yes"}
    return act(site, person, **(form | more))


def permit(site: Site, person: str = "saule-m", **more: str) -> Response:
    known = only(site)
    form = {"do": "permit", "id": known.id, "revision": str(known.revision), "read": "yes"}
    return act(site, person, **(form | more))


def status_of(action: Any, *arguments: Any, **more: Any) -> int:
    with pytest.raises(HTTPProblem) as refused:
        action(*arguments, **more)
    return refused.value.status


@pytest.mark.parametrize("to", SEEN)
def test_a_text_is_read_by_those_to_whom_it_is_shown_and_until_it_is_stopped(
    site: Site, to: str
) -> None:
    begun(site)
    if to:
        assert show(site, to).status == 303
    escaped = WORDS.replace("<", "&lt;").replace(">", "&gt;")
    assert {person for person in READERS if escaped in seen(site, person)} == SEEN[to]
    assert escaped in seen(site, "link-l")
    assert status_of(seen, site, "reader-r") == 403
    if to:
        act(site, "link-l", do="hide", id=only(site).id, to=to)
        assert not [person for person in READERS if TITLE in seen(site, person)]


def test_a_text_that_changes_is_read_by_nobody_until_it_is_shown_again(site: Site) -> None:
    known = begun(site)
    show(site, store.SCHOOL)
    show(site, store.SCHOOLS)
    changed = FORM | {"id": known.id, "revision": "1", "changed": "Other words"}
    assert act(site, "bakhyt-d", **changed).status == 303
    assert not [person for person in READERS if TITLE in seen(site, person)]
    assert show(site, store.SCHOOL, revision="1").status == 422
    show(site, store.SCHOOL)
    assert "Other words" in seen(site, "aigul-s")
    assert WORDS not in seen(site, "aigul-s")
    assert "Earlier versions" in seen(site, "bakhyt-d")
    assert "Earlier versions" not in seen(site, "aigul-s")


def test_nothing_is_shown_without_the_tick_and_nothing_typed_is_lost(site: Site) -> None:
    begun(site)
    assert show(site, store.SCHOOL, read="").status == 422
    assert show(site, "newspaper").status == 422
    assert not only(site).shown
    for wrong in ({"title": ""}, {"changed": " "}, {"before": "x" * 601}, {"title": "y" * 91}):
        reply = act(site, "bakhyt-d", **(FORM | {"next": "A sentence that stays &"} | wrong))
        assert (reply.status, "A sentence that stays &amp;" in html(reply)) == (422, True)
    known = only(site)
    reply = act(site, "link-l", **FORM, id=known.id, revision="7", began="Mine")
    assert (reply.status, "Mine" in html(reply)) == (422, True)
    assert act(site, "bakhyt-d", **FORM).status == 303  # sent twice, it stands once
    assert only(site).revision == 1


@pytest.mark.parametrize("person", ["aigul-s", "dina-f", "saule-m", "other-d", "kairat-f"])
def test_nobody_but_a_director_of_the_school_writes_shows_or_removes(
    site: Site, person: str
) -> None:
    begun(site)
    show(site, store.SCHOOL)
    show(site, store.STAFF)
    known = only(site)
    if person != "other-d":  # who writes for the own school
        assert status_of(act, site, person, **FORM) == 403
    for form in ({"do": "show", "to": store.PUBLIC, "read": "yes", "revision": "1"},
                 {"do": "hide", "to": store.SCHOOL}, {"do": "remove"},
                 FORM | {"revision": "1"}):  # fmt: skip
        assert status_of(act, site, person, **form, id=known.id) in {403, 404}
    assert status_of(act, site, person, do="permit", id=known.id, revision="1") in {403, 404}
    assert only(site) == known


def written(course: Course) -> str:
    folder = gallery.folder_of(course)
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.html")))


def test_it_is_published_by_two_words_on_the_same_text_and_goes_with_either(site: Site) -> None:
    course = site.course
    begun(site)
    gallery.build(course)
    show(site, store.PUBLIC, named="yes")
    assert TITLE not in written(course)
    assert permit(site, read="").status == 422
    assert status_of(permit, site, "bakhyt-d") == 403
    assert status_of(permit, site, "kairat-f") == 404
    assert permit(site, "dina-f").status == 303
    assert TITLE in written(course)
    assert "&lt;b&gt;" in written(course)
    assert TITLE in seen(site, "maria-f")
    known = only(site).id
    undoing: list[tuple[str, dict[str, str], bool]] = [
        ("dina-f", {"do": "refuse"}, False),
        ("bakhyt-d", {"do": "hide", "to": store.PUBLIC}, True),
        ("bakhyt-d", FORM | {"revision": "1", "next": "More"}, True),
        ("bakhyt-d", {"do": "remove"}, True),
    ]
    for person, form, shown_anew in undoing:
        assert TITLE in written(course)
        assert act(site, person, **form, id=known).status == 303
        assert TITLE not in written(course)
        assert TITLE not in seen(site, "maria-f")
        if form["do"] != "remove":
            if shown_anew:
                show(site, store.PUBLIC)
            permit(site)


def test_who_wrote_a_text_does_not_agree_to_it_for_the_programme(site: Site) -> None:
    roster = (ROSTER + MORE).replace("Bakhyt D.,director,,", "Bakhyt D.,director facilitator,g1,")
    (site.course.dir / "people.csv").write_text(roster, encoding="utf-8")
    begun(site)
    show(site, store.PUBLIC)
    assert permit(site, "bakhyt-d").status == 422
    assert only(site).permitted is None


def test_a_school_of_fewer_than_five_teachers_is_not_named_in_the_book(site: Site) -> None:
    more = "".join(f"t{n}-x,T{n} X.,participant,g2,s1,en,\n" for n in range(2))
    begun(site)
    gallery.build(site.course)
    show(site, store.PUBLIC, named="yes")
    permit(site)
    assert "A school tells" in written(site.course)
    assert ">s1<" not in written(site.course)
    (site.course.dir / "people.csv").write_text(ROSTER + MORE + more, encoding="utf-8")
    gallery.build(Course.open(site.course.dir))
    assert ">s1<" in written(site.course)


def test_what_is_removed_leaves_no_word_behind(site: Site) -> None:
    known = begun(site, title="canary-title", changed="canary-one")
    changed = FORM | {"id": known.id, "revision": "1", "changed": "canary-two"}
    act(site, "bakhyt-d", **changed)
    show(site, store.SCHOOL)
    act(site, "bakhyt-d", do="remove", id=known.id)
    kept = b"".join(path.read_bytes() for path in Path(site.course.dir, "schools").iterdir())
    assert b"canary" not in kept
    assert store.read(site.course) == []
    assert "canary" not in seen(site, "bakhyt-d") + seen(site, "aigul-s")


def test_after_a_restore_no_publication_is_open(site: Site, tmp_path: Path) -> None:
    begun(site)
    show(site, store.PUBLIC)
    show(site, store.SCHOOL)
    permit(site)
    restore(make_backup(site.course.dir, tmp_path).path, tmp_path / "copy")
    (known,) = store.read(Course.open(tmp_path / "copy"))
    assert set(known.shown) == {store.SCHOOL}
    assert known.permitted is None
    assert only(site).is_published


@pytest.mark.parametrize("lang", LANGUAGES)
def test_headings_stand_in_the_language_of_the_text_and_teachers_find_it_on_their_home(
    site: Site, lang: str
) -> None:
    begun(site, lang="kk", before="Бұрын")
    home = html(participant.home(visit(site, "aigul-s", lang=lang)))
    assert "school/outcomes" not in home
    show(site, store.SCHOOL)
    page = seen(site, "aigul-s", lang)
    assert site.words("kk").plain(store.PARTS["before"]) in page
    assert re.search(r'<div lang="kk">', page)
    home = html(participant.home(visit(site, "aigul-s", lang=lang)))
    assert "school/outcomes" in home


def test_a_joined_schools_texts_belong_to_the_spelling_that_stays(site: Site) -> None:
    from ustaz.schools import agreements

    begun(site)
    agreements.carry(site.course, ["s1", "School 1"], "School 1")
    assert only(site).school == "School 1"
