"""A small course of invented people, and what they write, for exchange and grading."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

from tests.support.courses import course_at
from ustaz.answers import Batch, Subject
from ustaz.config_files.last_good import FOLDER as LAST_GOOD
from ustaz.course import Course
from ustaz.course.identity import Identity

WORKBOOKS = """\
[workbooks]
assignments = ["mini"]
library = ["library"]
"""

ROSTER = """\
person,name,role,group,school,lang,account
aigul-s,Aigul S.,participant,g1,s1,kk,
marat-t,Marat T.,participant,g1,s1,ru,
olga-p,Olga P.,participant,g1,s2,en,
dina-f,Dina F.,facilitator,g1,,en,
saule-m,Saule M.,staff operator,,,en,
"""

# One of each kind that matters here: private, reference, person, table, choice, scale, list, date.
MINI = """\
format: 1
id: mini
code: T01
version: 1.0.0
title: Mini plan
summary: For tests.
minutes: 5
companion: no
purpose: For tests.
visibility: [self, facilitator, staff]
retention: 12
sections:
  - id: aim
    title: Aim
    minutes: 2
    points: 4
    guidance: Write.
    fields:
      - {id: title, kind: text, label: Title, required: ready, min: 3, max: 40}
      - {id: diary, kind: text, label: Only mine, required: submitted, audiences: [self]}
      - {id: focus_ref, kind: reference, to: mini-focus/statement, label: Focus, required: ready}
      - {id: mood, kind: scale, label: Mood, from: 1, to: 5, low: low, high: high, cannot_say: yes}
      - {id: signs, kind: list, label: Signs, min_items: 1, max_items: 3, max: 50}
      - {id: begin, kind: date, label: Begin}
      - {id: who_else, kind: choices, label: Who else, options: [
          {id: pupils, label: Pupils}, {id: parents, label: Parents}]}
  - id: steps
    title: Steps
    minutes: 2
    points: 6
    guidance: Write.
    fields:
      - id: steps
        kind: table
        label: Steps
        required: ready
        min_rows: 1
        max_rows: 15
        row_name: Step
        columns:
          - {id: action, kind: text, label: Action, required: ready, max: 200}
          - {id: strand, kind: choice, label: Strand, options: [
              {id: consult, label: Consult}, {id: review, label: Review}]}
          - {id: who, kind: person, label: Who, from: mini-people/people, label_column: alias,
             many: yes, self: yes}
          - {id: private_note, kind: text, label: Note, audiences: [self]}
manual:
  points: 10
  hint: |
    Judge the thinking.

    - Begin with a strength.
"""

MINI_FOCUS = """\
format: 1
id: mini-focus
code: T02
version: 1.0.0
title: Mini focus
summary: For tests.
minutes: 5
companion: no
purpose: For tests.
visibility: [self, facilitator, staff]
retention: 12
sections:
  - id: one
    title: One
    minutes: 5
    points: 1
    guidance: Write.
    fields:
      - {id: statement, kind: text, label: Statement, required: ready, max: 100}
      - {id: unrelated, kind: text, label: Unrelated, max: 100}
"""

MINI_PEOPLE = """\
format: 1
id: mini-people
code: T03
version: 1.0.0
title: Mini people
summary: For tests.
minutes: 5
companion: yes
purpose: For tests.
visibility: [self, facilitator, staff]
retention: 12
sections:
  - id: people
    title: People
    minutes: 5
    points: 0
    guidance: Write.
    fields:
      - id: people
        kind: table
        label: People
        required: ready
        min_rows: 1
        max_rows: 15
        row_name: Person
        columns:
          - {id: alias, kind: text, label: Alias, required: ready, max: 40}
          - {id: secret, kind: text, label: Secret, audiences: [self], max: 40}
"""

FULL: dict[str, Any] = {
    "title": "The second attempt",
    "diary": "CANARY-private",
    "mood": 4,
    "signs": ["Pupils ask"],
    "begin": "2026-10-05",
    "who_else": ["pupils"],
    "steps": [
        {
            "id": "step01",
            "action": "Ask",
            "strand": "consult",
            "who": ["self", "person1"],
            "private_note": "CANARY-cell",
        },
        {"id": "step02", "action": "Look back", "strand": "review", "who": ["self"]},
    ],
}
PEOPLE: dict[str, Any] = {
    "people": [
        {"id": "person1", "alias": "Ә.Қ.", "secret": "CANARY-contact"},
        {"id": "person2", "alias": "CANARY-unused"},
    ]
}
FOCUS: dict[str, Any] = {"statement": "Pupils explain", "unrelated": "CANARY-unrelated"}

_COUNTER = itertools.count(1)


def make_course(folder: Path, *, demo: bool = True, roster: str = ROSTER) -> Course:
    """Create a course directory with three tiny workbooks."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    for name, text in (("mini", MINI), ("mini-focus", MINI_FOCUS), ("mini-people", MINI_PEOPLE)):
        place = folder / "library" / name
        place.mkdir(parents=True)
        (place / "workbook.yml").write_text(text, encoding="utf-8")
    return course_at(folder, "trial", "Trial course", roster, demo=demo, workbooks=WORKBOOKS)


def write(course: Course, person: str, workbook: str, answers: dict[str, Any]) -> None:
    """Save `answers` as the person's page would: field by field, row by row."""
    store = course.store
    subject = Subject("person", person)
    document = store.read(subject, workbook)
    definition = course.library[workbook]
    changes: list[dict[str, Any]] = []
    for field, value in answers.items():
        if definition.field(field).kind == "table":
            known = {row["id"] for row in document.answers.get(field, [])}
            for row in value:
                cells = {key: cell for key, cell in row.items() if key != "id"}
                if row["id"] in known:
                    changes += [
                        {"op": "set", "path": [field, row["id"], key], "value": cell}
                        for key, cell in cells.items()
                    ]
                else:
                    changes.append(
                        {"op": "add_row", "path": [field, row["id"]], "after": None, "value": cells}
                    )
        else:
            changes.append({"op": "set", "path": [field], "value": value})
    store.save(
        subject,
        workbook,
        Batch.from_json(
            {
                "batch": f"batch-{next(_COUNTER)}",
                "client": "test",
                "base_revision": document.revision,
                "lang": "kk",
                "changes": changes,
            }
        ),
        who=person,
    )


def fill(course: Course, person: str, **changed: Any) -> None:
    """Let a person fill everything: people, focus, plan."""
    write(course, person, "mini-people", PEOPLE)
    write(course, person, "mini-focus", FOCUS)
    write(course, person, "mini", {**FULL, **changed})


def me(person: str) -> Identity:
    """Return a participant's identity."""
    return Identity(person, frozenset({"participant"}))


STAFF = Identity("saule-m", frozenset({"staff", "operator"}))


def tree(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content, to see that nothing changed.

    What is kept of files that were read well is made by reading.
    """
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and LAST_GOOD not in path.as_posix()
    }
