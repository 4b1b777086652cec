"""Make a course directory that nbgrader understands, and release its workbooks.

``nbgrader_config.py`` is written once from a template and belongs to the staff from then on.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from traitlets.config import Config

from ustaz import database
from ustaz.base import files
from ustaz.base.errors import UstazError
from ustaz.base.programs import with_tools_on_path
from ustaz.course import Course
from ustaz.course.nbgrader_config import CONFIG_FILE, db_url, nbgrader_config
from ustaz.exchange.collecting import SECRET_FILE, TIMESTAMP_FILE
from ustaz.exchange.model import ANSWERS_FILE, ROUND_FILE
from ustaz.exchange.ordinary import is_ordinary, is_workbook
from ustaz.grading.earlier_config import bring_up_to_date

log = logging.getLogger("ustaz.grading")

TEMPLATE: Final = Path(__file__).parent / "nbgrader_config.py.tmpl"
OF_A_ROUND: Final = (ANSWERS_FILE, ROUND_FILE, TIMESTAMP_FILE, SECRET_FILE)
TEMPLATES_DIR: Final = Path(__file__).parent / "nbconvert_templates"


class SetupError(UstazError):
    """nbgrader could not make or release an assignment."""


def write_config(course: Course) -> Path:
    """Write ``nbgrader_config.py`` where there is none, and return its path.

    In one that is there, only lines of an earlier version that nobody has changed are exchanged.
    """
    path = course.dir / CONFIG_FILE
    if path.exists():
        bring_up_to_date(path)
    else:
        text = TEMPLATE.read_text(encoding="utf-8")
        text = text.replace("@COURSE@", repr(course.id))
        text = text.replace("@TIMEZONE@", repr(str(course.timezone)))
        files.write_new(path, text.encode("utf-8"), 0o644)
    return path


def nbgrader_api(course: Course) -> Any:  # noqa: ANN401 - nbgrader has no types
    """Return nbgrader's own programming interface, set up for `course`."""
    from nbgrader.apps.api import NbGraderAPI

    with_tools_on_path()
    config = nbgrader_config(course)
    root = config.Exchange.get("root", "")
    if root and not Path(str(root)).exists():
        # nbgrader wants its exchange open to everybody; the folder around it decides who comes in.
        files.make_folder(Path(str(root)))
        Path(str(root)).chmod(0o777)
    config.NbGraderAPI.log_level = logging.WARNING
    make_gradebook(course, config)
    config.CourseDirectory.root = os.fspath(course.dir)
    config.CourseDirectory.course_id = course.id
    config.CourseDirectory.db_url = db_url(course, config)
    return NbGraderAPI(config=config)


def make_gradebook(course: Course, config: Config) -> None:
    """Create the gradebook's tables where there are none."""
    url = db_url(course, config)
    if url == database.course_url(course):
        database.prepare(course.database, database.course_schema(course.id))
    create_tables(url)


def create_tables(url: str) -> None:
    """Create nbgrader's tables where there are none.

    nbgrader would, too, but starts a program for seconds to learn its own schema's version.
    """
    import nbgrader
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url)
    try:
        in_file = engine.dialect.name == "sqlite"
        if in_file and inspect(engine).get_table_names():
            return
        scripts = ScriptDirectory(os.fspath(Path(nbgrader.__file__).parent / "alembic"))
        with engine.begin() as connection:
            if not in_file:  # several programs may come to a new schema at once
                lock = {"key": database.lock_key("gradebook", url)}
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), lock)
                # nbgrader's own look would take the answers' table for a gradebook.
                if inspect(connection).has_table("alembic_version"):
                    return
            Base.metadata.create_all(bind=connection)
            connection.execute(
                text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
            )
            connection.execute(
                text("INSERT INTO alembic_version (version_num) VALUES (:head)"),
                {"head": scripts.get_current_head()},
            )
    finally:
        engine.dispose()


def gradebook_url(directory: str | os.PathLike[str]) -> str:
    """Return where the gradebook of a course directory is, for ``nbgrader_config.py``."""
    return db_url(Course.open(directory, going_on=True, keeping=False), Config())


def kept_of_submissions(directory: str | os.PathLike[str]) -> dict[str, list[str]]:
    """Return which files of a submission no file of ``source/`` replaces, by workbook.

    Of workbooks only: an ordinary assignment's ``answers.json`` may be what its tests read.
    """
    course = Course.open(directory, going_on=True, keeping=False)
    return {id_: list(OF_A_ROUND) for id_ in course.library.ids if is_workbook(course, id_)}


def with_bin_on_path() -> None:
    """Put this environment's programs on ``PATH``; ``nbgrader_config.py`` of courses calls it."""
    with_tools_on_path()


def release_assignments(course: Course, workbooks: Iterable[str] | None = None) -> list[str]:
    """Generate and release the notebooks of workbooks, and enter the people in the gradebook.

    Does nothing for a workbook whose released notebook is current. Run again after a definition
    has changed.

    Returns
    -------
    list of str
        The workbooks that were (re)generated.
    """
    from ustaz.notebook import notebook_text

    wanted = list(course.assignments if workbooks is None else workbooks)
    fresh = []
    api = nbgrader_api(course)
    for workbook in wanted:
        if is_ordinary(course, workbook):
            raise SetupError(
                "name_taken",
                f"source/{workbook} holds an ordinary assignment; nothing was changed.",
                f"Rename it, or take {workbook} out of workbooks.assignments in ustaz.toml.",
            )
        text = notebook_text(course.library[workbook])
        source = course.dir / "source" / workbook / f"{workbook}.ipynb"
        released = course.dir / "release" / workbook / f"{workbook}.ipynb"
        outbound = outbound_dir(api, course) / workbook / f"{workbook}.ipynb"
        current = source.is_file() and source.read_text(encoding="utf-8") == text
        if current and released.is_file() and outbound.is_file():
            continue
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text, encoding="utf-8")
        _succeed(api.generate_assignment(workbook), workbook)
        _release(api, workbook)
        fresh.append(workbook)
    enter_people(course, api)
    return fresh


def outbound_dir(api: Any, course: Course) -> Path:  # noqa: ANN401
    """Return the folder from which people fetch."""
    return Path(api.exchange_root) / course.id / "outbound"


def _release(api: Any, workbook: str) -> None:  # noqa: ANN401
    from nbgrader.utils import temp_attrs

    with temp_attrs(api.coursedir, assignment_id=workbook):
        app = api.exchange.ReleaseAssignment(
            coursedir=api.coursedir, authenticator=api.authenticator, parent=api
        )
        app.force = True  # nbgrader's own button refuses what is released already
        app.start()


def _succeed(result: dict[str, Any], workbook: str) -> None:
    if not result["success"]:
        log.error("%s", result.get("log") or result.get("error"))
        raise SetupError(
            "not_generated",
            f"nbgrader could not generate the assignment {workbook}.",
            f"Run `nbgrader generate_assignment {workbook}` in the course directory to see why.",
        )


def enter_people(course: Course, api: Any = None) -> int:  # noqa: ANN401
    """Enter participants and due dates in the gradebook; return how many people there are."""
    api = api or nbgrader_api(course)
    from ustaz.grading.dates import enter_dates

    people = course.with_role("participant")
    with api.gradebook as gradebook:
        for person in people:
            first, _, last = person.name.rpartition(" ")
            names = {"first_name": first or None, "last_name": last or None}
            gradebook.update_or_create_student(person.person, **names)
        enter_dates(course, gradebook)
    return len(people)
