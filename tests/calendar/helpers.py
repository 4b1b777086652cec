"""A course with meetings, for the tests of the calendar."""

from __future__ import annotations

from pathlib import Path

from tests.support.courses import SHIPPED, course_at
from ustaz.course import Course

ROSTER = """\
person,name,role,group,school,lang,account
aigul-s,Aigul S.,participant,g1,s1,kk,
marat-t,Marat T.,participant,g2,s1,ru,
olga-p,Olga P.,participant,g1,s2,en,
dina-f,Dina F.,facilitator,g1 g2,,en,
saule-m,Saule M.,staff,,,en,
"""

EVENTS = """\
# Meetings of the year.
[[event]]
id = "workshop-1"  # the first one
kind = "workshop"
title = {en = "First workshop", ru = "Первая встреча", kk = "Бірінші кездесу"}
day = 2026-09-15
start = 15:00:00
end = "17:00"
place = "Room 12; the blue door, left"

[[event]]
id = "tutorial-1"
kind = "tutorial"
title = "Talk about the plan"
day = 2026-12-01
start = "16:00"
link = "https://meet.example/a?b=1"
groups = ["g1"]

[[event]]
id = "network-1"
kind = "network_event"
title = "Network event"
day = 2027-02-20
"""


def course_with_events(folder: Path, events: str = EVENTS) -> Course:
    return course_at(folder, "trial", "Trial course", ROSTER, workbooks=SHIPPED + "\n" + events)
