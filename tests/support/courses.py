"""The small courses of the tests: a roster and settings in a directory, for each test its own."""

from __future__ import annotations

from pathlib import Path

from ustaz.course import Course

#: The day on which the tests take place, some weeks after the course's first due day.
NOW = "2026-11-23T14:05:00+05:00"

SETTINGS = """\
[course]
id = "{id}"
name = "{name}"
demo = {demo}
languages = ["en", "ru", "kk"]

[calendar]
start = 2026-09-01
end = 2027-05-31
timezone = "Asia/Almaty"

"""

#: With the workbooks that come with Ustaz.
SHIPPED = """\
[calendar.due]
focus = 2026-10-15
action-plan = 2026-12-10

[workbooks]
assignments = ["focus", "action-plan"]
"""

#: With a workbook of the course's own that takes files; its definition is `library/log`.
EVIDENCE = """\
[workbooks]
assignments = ["focus", "log"]
library = ["library"]
"""
EVIDENCE_LOG = """\
format: 1
id: log
code: W08
version: 1.0.0
title: What shows it
summary: Collect what shows your work.
minutes: 5
purpose: Collect what shows your work.
visibility: [self, facilitator, staff]
retention: 12
sections:
  - id: shows
    title: What shows it
    minutes: 5
    points: 1
    guidance: A photo says more than a page.
    fields:
      - {id: what, kind: text, label: In one sentence, max: 200}
      - {id: photos, kind: file, label: Evidence, max_items: 3, required: submitted}
      - {id: own, kind: file, label: For me alone, audiences: [self]}
      - id: days
        kind: table
        label: Days
        row_name: Day
        columns:
          - {id: said, kind: text, label: What happened}
          - {id: pictures, kind: file, label: Pictures, accept: [pictures], max_items: 2}
"""


def course_at(
    folder: Path,
    id: str,
    name: str,
    roster: str,
    *,
    demo: bool = True,
    workbooks: str = SHIPPED,
) -> Course:
    """Create a course directory.

    Parameters
    ----------
    workbooks : str
        The rest of its settings: what is handed in, and by when.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = SETTINGS.format(id=id, name=name, demo=str(demo).lower()) + workbooks
    (folder / "ustaz.toml").write_text(text, encoding="utf-8")
    (folder / "people.csv").write_text(roster, encoding="utf-8")
    return Course.open(folder)
