"""Write ``tests/vectors/workbooks/``: answers to the shipped workbooks, and their judgement.

Run it after a workbook's fields or rules have changed, and read the difference: what stands under
``expect`` is what a person is told. Texts of the definitions are left out, so that a better word
changes nothing here. The examples of the workbooks are the answers; a few faults are put into them.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ustaz.workbook import Context, Definition, Library, definition_json, evaluate

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "vectors" / "workbooks"
TODAY = "2026-11-23"
PROGRAMME = {"programme_start": "2026-09-01", "programme_end": "2027-05-31"}
LONG = "Әр бала өз ойын айтып үйренді. "

PEOPLE = [
    {"id": "p0000001", "alias": "Ә.Қ.", "relation": "close_colleague", "stance": "supports"},
    {"id": "p0000002", "alias": "Б.С.", "relation": "deputy", "influence": 5, "interest": None},
    {"id": "p0000003", "alias": "8 «Ә»", "relation": "pupil"},
]
LINKED = {
    "readiness": {"work_on": ["silence"]},
    "people-map": {"people": PEOPLE},
    "focus": {"focus_statement": "Үнсіз оқушылардың сұрақ қою дағдысын дамытқым келеді."},
    "action-plan": {
        "title": "Сұрақ жәшігі",
        "success_signs": ["Жартысы сұрайды", "Ай сайын"],
        "steps": [{"id": "s0000001", "action": "Санақ жасау"}],
    },
}


def row(number: int, **cells: Any) -> dict[str, Any]:
    """Return a row of a table."""
    return {"id": f"r{number:07d}", **cells}


def text(least: int) -> str:
    """Return a text of at least so many characters."""
    return (LONG * (least // len(LONG) + 1)).strip()


def talk(number: int, who: list[str], **cells: Any) -> dict[str, Any]:
    """Return a talk that is written down whole."""
    return row(
        number,
        **{
            "date": "2026-10-05",
            "who": who,
            "way": "talk",
            "question": "Не кедергі болуы мүмкін?",
            "heard": "Шу шығады деп қауіптенеді екен.",
            "changes": "no",
        }
        | cells,
    )


START = {
    "role_in_school": "subject_teacher",
    "school_type": "hub",
    "motivation": text(60),
    "hopes": ["Екі әріптес табу"],
    "device": "phone",
    "internet": "some_days",
}
HALF = {
    "done_so_far": ["Жәшік жасалды"],
    "proud_of": text(20),
    "help_needed": ["time"],
    "next_steps": [
        row(number, action="Санақ жасаймын", by=f"2026-12-{number:02d}") for number in (1, 8, 15)
    ],
}
EVENT = {
    "events": [row(1, date="2026-11-14", way="in_person")],
    "what_i_did": "Жәшік жасадық.",
    "so_far": "Сұрақ көбейді.",
    "question_to_others": "Сізде қалай?",
    "changes": text(20),
}
REVIEW = {
    "results": [
        row(1, sign="first", outcome="reached", shows="31 сұрақтың 17-сі"),
        row(2, sign="second", outcome="partly", shows="Екі ай салды"),
    ],
    "impact_pupils": text(20),
    "impact_colleagues": text(20),
    "growth": [
        row(1, area="skills", before=2, after=4, example="Күтемін"),
        row(2, area="leadership", before=None, after=3, example="Сұраймын"),
        row(3, area="knowledge", before=3, after=2, example="Көп білмейтінімді білдім"),
    ],
    "what_did_not_work": text(30),
    "embedding": ["colleagues_use_it"],
}
STORY = {
    "my_school": text(200),
    "concern": text(350),
    "people": text(350),
    "we_did": text(900),
    "changed": text(600),
    "would_tell": text(250),
    "title": "Сұрақ жәшігі",
    "byline": "initials",
    "publish": "group",
}
CULTURE = {
    "ratings": {
        side: {"now": at % 5 + 1, "wanted": 5}
        for at, side in enumerate(["trust", "voice", "support", "time", "learning", "freedom"])
    },
    "helps": ["Көрші сынып"],
    "hinders": ["Уақыт"],
    "one_thing": text(20),
}


def entry(number: int, **cells: Any) -> dict[str, Any]:
    """Return an entry of the record of participation."""
    known = {"date": f"2026-10-{number:02d}", "what_i_did": text(20), "occasion": "own_work"}
    return row(number, **known | cells)


def piece(number: int, **cells: Any) -> dict[str, Any]:
    """Return a piece of evidence that is described whole."""
    known = {
        "date": f"2026-11-{number:02d}",
        "title": "Санақ парағы",
        "type": ["ev_survey", "ev_pupil", "ev_feedback"][number % 3],
        "made_by": "pupils" if number == 1 else "me",
        "kept_as": "paper",
        "where_kept": "Мұғалімдер бөлмесі, көк папка",
        "shows_what": text(30),
        "criteria": [f"t{number}"] if number <= 6 else ["t5"],
        "readers": ["staff"],
    }
    return row(number, **known | cells)


PORTFOLIO = {
    "cover_statement": text(150),
    "self_assessment": {f"t{at}": {"level": at % 4, "reason": "Үш әңгіме"} for at in range(1, 9)},
    "own_work": "yes",
    "help_used": "none",
}

READY = {
    "ratings": {
        name: {"now": at % 5 + 1}
        for at, name in enumerate(
            ["asks", "silence", "on_time", "changes_plan", "repeats", "notices", "leaves_problem",
             "criticism", "disagreement", "promises", "director", "discreet"]
        )
    },
    "strengths": ["Үндемей күтемін", "Уақытында аяқтаймын"],
    "work_on": ["silence", "director"],
    "growth_goals": [row(1, goal="Жеті секунд күту", how="Саусақпен санаймын", by="2026-12-05")],
}  # fmt: skip
READY_AGAIN = {
    "ratings_again": {name: {"now": 4} for name in READY["ratings"]},
    "easier": text(20),
}

Case = tuple[str, dict[str, Any]]
CASES: dict[str, list[Case]] = {
    "starting-point": [
        ("whole", START),
        (
            "a short motivation, too many hopes",
            {**START, "motivation": "Сертификат", "hopes": list("абвгде")},
        ),
        (
            "years that are no number, worries for nobody",
            {**START, "years_in_profession": "отыз", "worries": ["Уақыт"]},
        ),
        ("more years than a life at school", {**START, "years_in_profession": 61}),
    ],
    "culture": [
        ("whole", CULTURE),
        (
            "six sides, one of them by half",
            {**CULTURE, "ratings": {**CULTURE["ratings"], "time": {"now": 2}}},
        ),
        (
            "cannot say is an answer",
            {**CULTURE, "ratings": {**CULTURE["ratings"], "time": {"now": None, "wanted": None}}},
        ),
        ("a moment of which nothing is told", {**CULTURE, "moments": [row(1, side="trust")]}),
        ("one thing for others to do", {**CULTURE, "one_thing": "Басшылық"}),
    ],
    "readiness": [
        ("whole", READY),
        (
            "eleven statements, and one that cannot be said",
            {
                **READY,
                "ratings": {**dict(list(READY["ratings"].items())[:11]), "discreet": {"now": None}},
            },
        ),
        ("eleven statements", {**READY, "ratings": dict(list(READY["ratings"].items())[:11])}),
        ("four to work on", {**READY, "work_on": ["asks", "silence", "on_time", "repeats"]}),
        (
            "twice the same goal, one after the programme",
            {
                **READY,
                "growth_goals": [
                    *READY["growth_goals"],
                    row(2, goal=" жеті секунд күту", how="Қайталаймын", by="2027-06-30"),
                ],
            },
        ),
        ("one strength", {**READY, "strengths": ["Үндемей күтемін"]}),
    ],
    "readiness-end": [
        ("whole", READY_AGAIN),
        (
            "a number for two of them",
            {"ratings_again": {"asks": {"now": 4}, "silence": {"now": 5}}},
        ),
        ("more than next year holds", {**READY_AGAIN, "next": ["а", "ә", "б", "в"]}),
    ],
    "participation": [
        ("eight days", {"record": [entry(day) for day in range(1, 9)]}),
        ("eight entries of seven days", {"record": [entry(min(day, 7)) for day in range(1, 9)]}),
        ("one sentence from home", {"record": [row(1, date="2026-11-23", what_i_did=text(20))]}),
        (
            "tomorrow, and before the programme",
            {"record": [entry(1, date="2026-11-24"), entry(2, date="2026-08-20")]},
        ),
        ("a day alone", {"record": [row(1, date="2026-10-01", readers=["staff"])]}),
        ("an entry without a day", {"record": [row(1, what_i_did=text(20), occasion="reading")]}),
    ],
    "evidence": [
        ("six pieces", {"items": [piece(number) for number in range(1, 7)]}),
        (
            "a title from the day itself",
            {"items": [row(1, date="2026-11-20", title="Үш ата-ананың хаты")]},
        ),
        (
            "three of one kind by one hand, two criteria lacking",
            {
                "items": [
                    piece(1, made_by="me", type="ev_photo", criteria=["t1", "t2"]),
                    piece(2, type="ev_photo", criteria=["t3"], step=["s0000001"]),
                    piece(3, type="ev_photo", criteria=["t5"], step=["s9999999"]),
                ]
            },
        ),
        (
            "a file that is said to be there, and a paper of which nobody knows where",
            {"items": [piece(1, kept_as="file"), piece(2, where_kept="")]},
        ),
        ("more than a reader reads", {"items": [piece(number) for number in range(1, 17)]}),
        (
            "six pieces, one for nobody else",
            {"items": [piece(number, readers=["staff"] * (number > 1)) for number in range(1, 7)]},
        ),
        ("made tomorrow", {"items": [piece(24)]}),
    ],
    "people-map": [
        (
            "only people, as before",
            {
                "people": [
                    {"id": one["id"], "alias": one["alias"], "relation": one["relation"]}
                    for one in PEOPLE
                ]
            },
        ),
        ("where they stand, and what is next", {"people": PEOPLE}),
        ("neither leadership nor pupils", {"people": PEOPLE[:1]}),
        (
            "everybody is close and for it, and who is strong and far has no step",
            {
                "people": [
                    row(1, alias="Ә.Қ.", relation="close_colleague", stance="supports"),
                    row(2, alias="S.M.", relation="deputy", influence=5, interest=1, stance="open"),
                    row(
                        3,
                        alias="O.P.",
                        relation="deputy",
                        influence=4,
                        interest=2,
                        next_step="Сабағымды көрсетемін",
                        stance="supports",
                    ),
                ]
            },
        ),
        (
            "who has doubts and can stop it is asked, those without numbers are not judged",
            {
                "people": [
                    row(1, alias="Ә.Қ.", relation="parent", stance="doubtful", influence=4),
                    row(2, alias="S.M.", relation="director", stance="opposed", influence=None),
                    row(3, alias="O.P.", relation="other_school", influence=5, interest=None),
                    row(
                        4,
                        alias="8 «Ә»",
                        relation="pupil",
                        next_step="   ",
                        influence=5,
                        stance="opposed",
                        interest=2,
                    ),
                ]
            },
        ),
        ("twice the same", {"people": [*PEOPLE, row(9, alias=" ә.қ. ", relation="pupil")]}),
    ],
    "consultations": [
        (
            "three talks with two kinds of people",
            {"talks": [talk(1, ["p0000001"]), talk(2, ["p0000002"]), talk(3, ["p0000003"])]},
        ),
        ("one talk", {"talks": [talk(1, ["p0000001"])]}),
        (
            "a change is said and not named",
            {"talks": [talk(1, ["p0000001", "p0000002"], changes="yes")]},
        ),
        (
            "a change is named",
            {
                "talks": [
                    talk(
                        1,
                        ["p0000002"],
                        changes="a_little",
                        change="Күту үш минут",
                        surprise="Өзі ұсынды",
                    )
                ]
            },
        ),
        (
            "a talk of tomorrow, with nobody",
            {"talks": [talk(1, [], date="2026-11-24", question="Қалай?")]},
        ),
    ],
    "half-way-review": [
        ("whole", HALF),
        (
            "two steps, one after the programme",
            {
                **HALF,
                "next_steps": [
                    HALF["next_steps"][0],
                    row(2, action="Кейін жасаймын", by="2027-07-01"),
                ],
            },
        ),
        (
            "a change without a reason",
            {**HALF, "plan_changes": [row(5, step="3-қадам", change="Қысқарды")]},
        ),
        ("people who are with me", {**HALF, "with_me": ["p0000001"], "stuck_on": "Уақыт жоқ"}),
    ],
    "network-notes": [
        ("whole", EVENT),
        (
            "an event that is still to come",
            {**EVENT, "events": [row(1, date="2026-12-14", way="online")]},
        ),
        (
            "posters without an idea",
            {
                **EVENT,
                "visited": [
                    row(1, whose="О.П."),
                    row(2, whose="Д.К.", idea="Екі тілдегі карточка"),
                ],
            },
        ),
        ("a question too long for a poster", {**EVENT, "question_to_others": text(170)}),
    ],
    "project-review": [
        ("whole", REVIEW),
        (
            "a sign twice, a part twice",
            {
                **REVIEW,
                "results": [
                    REVIEW["results"][0],
                    row(7, sign="first", outcome="changed", shows="Басқа болды"),
                ],
                "growth": [*REVIEW["growth"], row(8, area="skills", example="Тағы")],
            },
        ),
        (
            "pupils alone",
            {key: value for key, value in REVIEW.items() if key != "impact_colleagues"},
        ),
        ("two parts of five", {**REVIEW, "growth": REVIEW["growth"][:2]}),
    ],
    "vignette": [
        ("whole", STORY),
        ("too short in the middle", {**STORY, "we_did": text(100)}),
        ("for everybody, and the school was not asked", {**STORY, "publish": "public"}),
        (
            "for everybody, with the school's word",
            {**STORY, "publish": "network", "school_permission": "yes"},
        ),
    ],
    "portfolio": [
        ("whole", PORTFOLIO),
        ("help with the text, and not with what", {**PORTFOLIO, "help_used": "drafting_help"}),
        ("help with the language", {**PORTFOLIO, "help_used": "language_help"}),
        (
            "levels without a word, and one of eight left out",
            {
                **PORTFOLIO,
                "self_assessment": {f"t{at}": {"level": 3} for at in range(1, 8)},
            },
        ),
        (
            "a reason that is a page long",
            {**PORTFOLIO, "self_assessment": {"t1": {"level": 1, "reason": text(230)}}},
        ),
    ],
}


def without_texts(definition: Definition) -> dict[str, Any]:
    """Return a definition as both halves judge by it, every text left out."""
    return json.loads(json.dumps(definition_json(definition, lambda _text: "")))


def context(linked: dict[str, Any]) -> dict[str, Any]:
    """Return where and when the answers are judged."""
    return {"today": TODAY, **PROGRAMME, "linked": linked}


def vectors() -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name and the content of every file."""
    library = Library.from_dirs([ROOT / "workbooks"])
    for workbook, cases in CASES.items():
        definition = library[workbook]
        linked = {name: LINKED.get(name, {}) for name in library.linked(workbook)}
        listed = []
        for name, answers in [("nothing at all", {}), *cases]:
            known = Context(
                dt.date.fromisoformat(TODAY),
                *(dt.date.fromisoformat(day) for day in PROGRAMME.values()),
                linked,
            )
            listed.append(
                {
                    "name": name,
                    "answers": answers,
                    "context": context(linked),
                    "expect": _without_message(evaluate(definition, answers, known).to_json()),
                }
            )
        yield workbook, {"definition": without_texts(definition), "cases": listed}


def _without_message(expect: dict[str, Any]) -> dict[str, Any]:
    for section in expect["sections"]:
        for finding in section["findings"]:
            finding["message"] = finding["message"] and ""
    return expect


if __name__ == "__main__":
    VECTORS.mkdir(exist_ok=True)
    for name, content in vectors():
        text_ = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        (VECTORS / f"{name}.json").write_text(text_, encoding="utf-8")
