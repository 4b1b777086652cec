"""The pages that set up a course, end it, and make the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ustaz.admin import copying, course_settings
from ustaz.admin.course_settings import MOST_NAME, NO_DAY, NO_NAME, NOT_AFTER, CourseSettings
from ustaz.admin.create import COMPANIONS, HANDED_IN, Plan, create_whole, school_year
from ustaz.base import clock
from ustaz.base.errors import FileFault, UstazError
from ustaz.base.ids import PERSON_ID
from ustaz.course import Course
from ustaz.messages import LANGUAGE_NAMES, LANGUAGES, N_
from ustaz.roster.people import Person
from ustaz.server.access import require_manager
from ustaz.server.http import HTTPProblem, Request, Response, redirect
from ustaz.server.pages.events import NOT_NOW
from ustaz.server.templates import page

#: How a workbook stands in a course: handed in, offered beside, or not in it.
PLACES: Final = ("assignments", "companions", "")
#: A note of two, which is begun for a person and is nobody's own workbook.
OF_TWO: Final = frozenset({"tutorial"})
STANDING_OF: Final = {"close": "closed", "archive": "archived", "open": "open"}
YEAR: Final = dt.timedelta(weeks=52)
#: What is asked once more before it is done.
CONFIRMED: Final = frozenset({"close", "archive"})
#: What can be done to a course as it stands.
NEXT: Final = {"open": ("close",), "closed": ("open", "archive"), "archived": ("open",)}

BAD_ID: Final = N_("Use small letters, digits and hyphens, 32 at most.")
TAKEN: Final = N_("Another course has this short name already.")
TEMPLATE: Final = N_("Choose what the course is made from.")


# -- this course ----------------------------------------------------------------------------------
def settings(request: Request) -> Response:
    """Show what is set of this course, and how it can be ended."""
    require_manager(request)
    return _settings_page(request, done=request.query.get("done", ""))


def change(request: Request) -> Response:
    """Set up the course, or close, archive and open it."""
    require_manager(request)
    action = request.form.get("do", "")
    if action == "save":
        return _save(request)
    if action not in STANDING_OF:
        raise HTTPProblem(400, "bad_request")
    course = request.site.course
    if action not in NEXT[course.standing]:
        return _settings_page(request)  # somebody else was quicker; the page says how it is
    if action in CONFIRMED and request.form.get("sure") != "yes":
        return _settings_page(request, asked=action)
    try:
        course_settings.set_standing(course, STANDING_OF[action])
    except FileFault:
        return _settings_page(request, status=422, error=NOT_NOW)
    return redirect(request.site.url("staff", "course", done=action))


def _save(request: Request) -> Response:
    course, form = request.site.course, request.form
    before = course_settings.settings_of(course)
    wanted, wrong = _read(request, before)
    wrong |= {key: text for key, text in wanted.mistakes().items() if key not in wrong}
    if wrong:
        return _settings_page(request, status=422, wrong=wrong, form=form, wanted=wanted)
    try:
        course_settings.change(course, wanted)
    except FileFault:
        return _settings_page(request, status=422, error=NOT_NOW, form=form, wanted=wanted)
    if set(wanted.assignments) - set(before.assignments):
        from ustaz.grading import release_assignments

        release_assignments(Course.open(course.dir))
    return redirect(request.site.url("staff", "course", done="save"))


def _read(request: Request, before: CourseSettings) -> tuple[CourseSettings, dict[str, str]]:
    """Return what a form says, and which days of it are none."""
    form, wrong = request.form, {}
    days: dict[str, dt.date] = {}
    for key, now in (("start", before.start), ("end", before.end)):
        day = _day(form.get(key, ""))
        if day is None:
            wrong[key] = NO_DAY
        days[key] = day or now
    places = {workbook: form.get(f"in-{workbook}", "") for workbook in _offered(request)}
    due: dict[str, dt.date] = {}
    for workbook, place in places.items():
        text = form.get(f"due-{workbook}", "").strip()
        if not text or not place:
            continue
        day = _day(text)
        if day is None:
            wrong[f"due-{workbook}"] = NO_DAY
            continue
        known = before.due.get(workbook)
        # A time of day that stands in the file stays while its day does.
        same = isinstance(known, dt.datetime) and known.date() == day
        due[workbook] = known if known is not None and same else day
    ordered = [*before.assignments, *before.companions]
    sequence = [*ordered, *(workbook for workbook in places if workbook not in ordered)]
    wanted = CourseSettings(
        " ".join(form.get("name", "").split()),
        days["start"],
        days["end"],
        tuple(lang for lang in LANGUAGES if lang in request.fields.get("languages", ())),
        tuple(name for name in sequence if places.get(name) == "assignments"),
        tuple(name for name in sequence if places.get(name) == "companions"),
        due,
    )
    return wanted, wrong


def _offered(request: Request) -> list[str]:
    """Return the workbooks that a course can have: the year's own order, then its further ones."""
    library = request.site.course.library
    year = [name for name in (*HANDED_IN, *COMPANIONS) if name in library.ids]
    more = [name for name in library.ids if name not in year and name not in OF_TWO]
    return [*year, *more]


def _settings_page(
    request: Request,
    *,
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
    wanted: CourseSettings | None = None,
    **more: Any,  # noqa: ANN401
) -> Response:
    course = request.site.course
    shown = wanted or course_settings.settings_of(course)
    names = {"error": None, "asked": "", "done": "", **more}
    return page(
        request,
        "course_settings.html",
        status=status,
        shown=shown,
        workbooks=[
            {
                "id": name,
                "title": course.library[name].title,
                "code": course.library[name].code,
                "place": "assignments"
                if name in shown.assignments
                else "companions"
                if name in shown.companions
                else "",
                "due": (form or {}).get(f"due-{name}", _spelt(shown.due.get(name))),
            }
            for name in _offered(request)
        ],
        typed=form or {},
        wrong=dict(wrong or {}),
        all_languages=[(lang, LANGUAGE_NAMES[lang]) for lang in LANGUAGES],
        standing=course.standing,
        next_steps=NEXT[course.standing],
        most_name=MOST_NAME,
        **names,
    )


# -- the next course ------------------------------------------------------------------------------
def new(request: Request) -> Response:
    """Show the form for another course."""
    _folder(request)
    first, last = school_year(clock.today())
    now = request.site.course.present
    if first <= now.start:
        # The year after this one, from the same day of the week on.
        first, last = now.start + YEAR, now.end + YEAR
    typed = {"start": first.isoformat(), "end": last.isoformat(), "from": "copy", "along": "yes"}
    return _new_page(request, typed=typed)


def make(request: Request) -> Response:
    """Make another course, whole or not at all, and go on with setting it up."""
    folder = _folder(request)
    form = request.form
    name, id = " ".join(form.get("name", "").split()), form.get("id", "").strip()
    source = form.get("from", "")
    start, end = _day(form.get("start", "")), _day(form.get("end", ""))
    wrong = _mistakes(folder, id, name, source, start, end)
    if wrong or start is None:
        return _new_page(request, status=422, wrong=wrong, typed=form)
    people = _people(request, along=form.get("along") == "yes")
    course = request.site.course
    try:
        if source == "copy":
            copying.copy_course(course, folder / id, id=id, name=name, start=start, people=people)
        else:
            plan = Plan(
                id=id,
                name=name,
                start=start,
                end=end or start,
                assignments=HANDED_IN,
                companions=COMPANIONS,
                people=people,
                demo=course.demo,
                languages=course.languages,
                timezone=str(course.timezone),
            )
            create_whole(folder / id, plan)
    except UstazError as error:
        texts = error.translated(request.words.plain)
        if error.id in ("id_taken", "not_empty"):
            return _new_page(request, status=422, wrong={"id": TAKEN}, typed=form)
        return _new_page(request, status=409, error=texts, typed=form)
    hub = request.site.hub
    home = hub.home if hub is not None else request.site.root
    return redirect(f"{home}{id}/staff/course")


def _mistakes(
    folder: Path, id: str, name: str, source: str, start: dt.date | None, end: dt.date | None
) -> dict[str, str]:
    """Return what is wrong with a form for another course, by field, as message ids."""
    wrong: dict[str, str] = {}
    if not name or not name.isprintable() or len(name) > MOST_NAME:
        wrong["name"] = NO_NAME
    if not PERSON_ID.match(id):
        wrong["id"] = BAD_ID
    elif (folder / id).exists():
        wrong["id"] = TAKEN
    if source not in ("year", "copy"):
        wrong["from"] = TEMPLATE
    if start is None:
        wrong["start"] = NO_DAY
    if source == "year" and end is None:
        wrong["end"] = NO_DAY
    elif source == "year" and start is not None and end is not None and not start < end:
        wrong["end"] = NOT_AFTER
    return wrong


def _folder(request: Request) -> Path:
    """Return where courses are made; refuse where there is no such place, or without the right."""
    if request.site.hub is None:
        raise HTTPProblem(404, "no_page")
    require_manager(request)
    folder = request.site.hub.courses_folder(request.who)
    if folder is None:
        raise HTTPProblem(403, "no_right")
    return folder


def _people(request: Request, *, along: bool) -> tuple[Person, ...]:
    """Return who is in the new course at once: its maker, and on demand who leads this one."""
    course = request.site.course
    people = {person.person: person for person in copying.leaders(course)} if along else {}
    mine = people.get(request.who.person)
    if mine is None:
        mine = course.person(request.who.person).having(roles=("staff",), groups=())
    people[mine.person] = mine
    return tuple(people.values())


def _new_page(
    request: Request,
    *,
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
    typed: Mapping[str, str],
    error: tuple[str, str] | None = None,
) -> Response:
    return page(
        request,
        "course_new.html",
        status=status,
        wrong=dict(wrong or {}),
        typed=typed,
        error=error,
        most_name=MOST_NAME,
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()) if len(text.strip()) == 10 else None
    except ValueError:
        return None


def _spelt(day: dt.date | None) -> str:
    return day.isoformat()[:10] if day is not None else ""
