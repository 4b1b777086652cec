"""A person is erased: nothing of theirs is left, everybody else's is as it was."""

from __future__ import annotations

import itertools
import json
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.exchange.helpers import write
from tests.grading.support import IGNORE, marks
from tests.privacy.helpers import (
    AIGUL,
    BOLAT,
    CANARIES,
    DINA,
    MARAT,
    NAME,
    OLGA,
    SAULE,
    SCHOOLS_WORDS,
    WORDS,
    residue,
    state,
)
from ustaz.answers import Document, Subject, pseudonymize
from ustaz.backup import KeepingError, verify
from ustaz.base.ledger import Ledger
from ustaz.course import Course
from ustaz.doctor import examine
from ustaz.doctor.erasures import unfinished
from ustaz.exchange import pseudonymize_submissions, rounds, verify_code
from ustaz.grading import pseudonymize_marks
from ustaz.privacy import (
    Amount,
    DataSubject,
    Erasure,
    Member,
    PersonalError,
    erase,
    erasing,
    look,
    subject_of,
)
from ustaz.privacy.places import ATTRIBUTIONS, COURSE
from ustaz.schools import agreements, asks, check_ins, outcomes

pytestmark = pytest.mark.filterwarnings(IGNORE)


def gone(course: Course, person: str, **options: object) -> Erasure:
    return erase(subject_of(course.dir, person), by="operator", **options)  # type: ignore[arg-type]


def problems(course: Course) -> set[str]:
    """Return what `ustaz doctor` finds beyond the machine's own (root, versions, backups)."""
    wrong = {one.id for one in examine(course.dir) if one.level == "problem"}
    return wrong - {"root", "path", "no_kernel", "old_node"}


# -- a teacher ------------------------------------------------------------------------------------
def test_every_place_holds_something_before(course: Course) -> None:
    found = look(subject_of(course.dir, AIGUL)).places
    assert {name for name, it in found.items() if not it.count} == {"said"}
    assert residue(course.dir, *CANARIES)


def test_nothing_of_the_person_is_left_and_others_are_untouched(course: Course) -> None:
    before = state(course.dir)
    done = gone(course, AIGUL)
    assert residue(course.dir, *CANARIES) == []
    after = state(course.dir)
    changed = {name for name in before.keys() & after.keys() if before[name] != after[name]}
    copy = "state/last-good/people.csv"
    lists = {f"book/stories/trial/index{lang}.html" for lang in ("", "-ru", "-kk")}
    conversations = {name for name in changed if name.startswith("threads/")}
    assert len(conversations) == 1  # of the group: without the person's words
    plans = {name for name in changed if name.startswith("sessions/")}
    assert len(plans) == 1  # that the person came, and the name in the log
    changed -= conversations | plans
    assert changed == {"people.csv", copy, "roster/people.jsonl", "gradebook.db", *lists}
    assert after.keys() - before.keys() == {"state/erasures.jsonl"}
    assert done.done


def test_verify_and_doctor_are_content_afterwards(course: Course) -> None:
    assert verify(course.dir, deep=True).findings == []
    wrong = problems(course)
    gone(course, AIGUL)
    found = verify(course.dir, deep=True)
    assert found.findings == []
    assert found.counts["rounds"] == 2
    assert problems(course) == wrong


def test_marks_of_others_and_the_history_of_the_roster_go_on(course: Course) -> None:
    kept = {one: marks(course, one) for one in (MARAT, OLGA)}
    past = course.past
    gone(course, AIGUL)
    assert {one: marks(course, one) for one in (MARAT, OLGA)} == kept
    now = Course.open(course.dir).past
    assert now.substitutions == past.substitutions
    assert [one.number for one in now.of(MARAT)] == [one.number for one in past.of(MARAT)]
    assert now.of(AIGUL) == []


def test_a_dry_run_changes_nothing(course: Course) -> None:
    before = state(course.dir)
    seen = look(subject_of(course.dir, AIGUL))
    assert state(course.dir) == before
    assert not seen.done
    assert seen.places["rounds"].size > 0


def test_the_note_tells_that_it_was_done_and_not_about_whom(course: Course) -> None:
    gone(course, AIGUL)
    (line,) = Ledger(course.dir / "state").entries("erasures")
    assert line["by"] == "operator"
    assert line["counts"]["answers"] > 5
    assert set(line) == {"at", "by", "counts", "courses", "hub", "number"}


STEPS = ["mark", *(f"trial: {one.id}" for one in COURSE), "note"]


class Killed(BaseException):
    """The process ends here."""


def dying(step: str) -> Callable[[str], None]:
    def after(name: str) -> None:
        if name == step:
            raise Killed

    return after


@pytest.fixture(scope="module")
def whole(
    seeded_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, object]]:
    """What an erasure that nobody disturbs leaves, by person."""
    found = {}
    for person in (AIGUL, DINA):
        folder = tmp_path_factory.mktemp("whole") / "course"
        shutil.copytree(seeded_dir, folder)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("USTAZ_NOW", "2026-11-23T14:05:00+05:00")
            gone(Course.open(folder), person)
        found[person] = state(folder)
    return found


@pytest.mark.parametrize(
    ("person", "steps"), [(AIGUL, STEPS), (DINA, ["mark", "trial: roster", "trial: said", "note"])]
)
def test_killed_after_any_step_it_is_completed_by_running_it_again(
    seeded_dir: Path,
    tmp_path: Path,
    whole: dict[str, dict[str, object]],
    person: str,
    steps: list[str],
) -> None:
    for number, step in enumerate(steps):
        folder = tmp_path / str(number)
        shutil.copytree(seeded_dir, folder)
        course = Course.open(folder)
        with pytest.raises(Killed):
            gone(course, person, after=dying(step))
        (told,) = unfinished(course.dir)
        assert (told.level, told.params["person"]) == ("problem", person), step
        again = gone(course, person)
        assert again.places.keys() == {one.id for one in COURSE}
        assert state(folder) == whole[person], step
        assert list(unfinished(course.dir)) == []


def written(course: Course) -> dict[str, object]:
    """Return the answers in the files, without a reader that would mend them."""
    files = sorted(course.people_dir.glob("*/*/answers*.json"))
    return {str(one): Document.decode(one.read_bytes()).answers for one in files}


def test_killed_after_every_single_file_of_others_it_is_completed_as_well(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(course.dir, tmp_path / "whole")
    ATTRIBUTIONS.erase(subject_of(tmp_path / "whole", DINA).members[0])
    dies = itertools.count(1)

    def dying_after(holder: Any, name: str, path: Callable[..., Path] | None = None) -> None:
        real = getattr(holder, name)

        def call(*args: Any) -> Any:
            before = path(*args).read_bytes() if path else None
            made = real(*args)
            if path(*args).read_bytes() != before if path else made != 0:
                next(dies)
                raise Killed
            return made

        monkeypatch.setattr(holder, name, call)

    dying_after(Ledger, "rewrite")
    dying_after(pseudonymize, "write_file")
    dying_after(pseudonymize_submissions, "_put", lambda place, _: place)
    dying_after(pseudonymize_marks, "unname")
    one = subject_of(course.dir, DINA).members[0]
    words = written(course)
    for _ in range(100):
        try:
            ATTRIBUTIONS.erase(one)
        except Killed:
            assert written(course) == words
        else:
            break
    assert 20 < next(dies) < 100
    assert state(course.dir) == state(tmp_path / "whole")


def test_a_save_that_had_begun_before_does_not_stay(course: Course) -> None:
    def late(name: str) -> None:
        if name == "trial: answers":
            write(course, AIGUL, "mini", {"title": WORDS[4]})

    gone(course, AIGUL, after=late)
    assert residue(course.dir, *CANARIES) == []


def test_what_is_written_again_and_again_is_said_and_stays_unfinished(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Ledger(course.dir / "seen")
    real = erasing.counted

    def counted(one: DataSubject) -> dict[str, Amount]:
        seen.append(AIGUL, {"workbook": "mini", "round": 9})
        return real(one)

    monkeypatch.setattr(erasing, "counted", counted)
    with pytest.raises(PersonalError) as refused:
        gone(course, AIGUL)
    assert (refused.value.id, refused.value.exit_code) == ("comes_back", 11)
    monkeypatch.undo()
    assert list(unfinished(course.dir))
    gone(course, AIGUL)
    assert residue(course.dir, *CANARIES) == []


def test_what_another_account_owns_is_said_and_stays_unfinished(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_: Path) -> None:
        raise PermissionError(13, "Permission denied", "exchange/inbound/aigul-s")

    monkeypatch.setattr("ustaz.privacy.course_data.removed", refused)
    with pytest.raises(PersonalError) as caught:
        gone(course, AIGUL)
    assert (caught.value.id, caught.value.exit_code) == ("not_allowed", 1)
    assert "exchange/inbound/aigul-s" in caught.value.message
    monkeypatch.undo()
    assert list(unfinished(course.dir))


def test_a_round_that_only_its_writers_account_can_change_is_named(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        pseudonymize_submissions.os, "access", lambda path, _: OLGA not in str(path)
    )
    done = gone(course, DINA)
    (said,) = [one for one in done.stays if one.id == "damaged"]
    assert f"exchange/inbound/{OLGA}/mini/0001" in said.params["files"]
    assert {one.partition(": ")[2] for one in residue(course.dir, DINA, "Dina F.")} == {DINA}
    assert verify(course.dir).findings == []


def test_another_erasure_waits_until_the_first_is_finished(course: Course) -> None:
    with pytest.raises(Killed):
        gone(course, AIGUL, after=dying("mark"))
    with pytest.raises(PersonalError) as refused:
        gone(course, MARAT)
    assert (refused.value.id, refused.value.exit_code) == ("another_erasure", 12)
    assert AIGUL in refused.value.hint


def test_it_can_be_done_for_one_after_another(course: Course) -> None:
    for person in (AIGUL, DINA, SAULE):
        gone(course, person)
    assert residue(course.dir, *CANARIES, DINA, "Dina F.", SAULE, "Saule M.") == []
    assert len(list(Ledger(course.dir / "state").entries("erasures"))) == 3
    assert verify(course.dir, deep=True).findings == []


def test_a_stranger_is_refused(course: Course) -> None:
    with pytest.raises(PersonalError) as refused:
        subject_of(course.dir, "nobody")
    assert (refused.value.id, refused.value.exit_code) == ("unknown_person", 13)


# -- a facilitator --------------------------------------------------------------------------------
def test_a_facilitators_word_stands_without_name_and_id(course: Course) -> None:
    before = {one: course.store.read(Subject.person(one), "mini") for one in (AIGUL, MARAT, OLGA)}
    gone(course, DINA)
    assert residue(course.dir, "Dina F.", DINA) == []
    for one, document in before.items():
        now = course.store.read(Subject.person(one), "mini")
        assert (now.answers, now.revision, now.notices) == (
            document.answers,
            document.revision,
            (),
        )
    (line,) = Ledger(course.dir / "confirmations").entries(MARAT)
    assert (line["by"], line["value"]) == ("former-facilitator", True)
    assert verify(course.dir, deep=True).findings == []
    assert not (problems(course) - problems(Course.open(course.dir)))


def test_a_directors_word_for_the_school_stands_without_name_and_id(course: Course) -> None:
    gone(course, BOLAT)
    assert residue(course.dir, BOLAT, "Bolat K.") == []
    (ask,) = asks.read(course, AIGUL)
    assert (ask.by, ask.reply) == ("former-member", SCHOOLS_WORDS[0])
    known = agreements.current(course, "s1")
    assert known is not None
    assert (known.words["director"].by, known.terms.place) == ("former-member", SCHOOLS_WORDS[1])
    talk = check_ins.read(course, "s1")[0]
    assert (talk.by, talk.text) == ("former-member", SCHOOLS_WORDS[2])
    (text,) = outcomes.read(course)
    assert (text.text.by, text.is_published) == ("former-member", True)
    assert problems(course) == problems(Course.open(course.dir))


def test_a_teacher_whom_the_school_names_is_said_and_the_schools_words_stay(
    course: Course,
) -> None:
    check_ins.add(course, "s1", "2026-11-19", f"A key for {NAME}", by=BOLAT, side="director")
    outcomes.write(course, "s1", None, "Room 7", {"changed": NAME}, lang="kk", base=0, by=BOLAT)
    done = gone(course, AIGUL)
    (named,) = [line for line in done.stays if line.id == "mentions"]
    assert named.params["files"] == "schools/check-ins.jsonl, schools/outcomes.jsonl"
    assert asks.read(course, AIGUL) == []
    text = outcomes.read(course)[-1]
    outcomes.remove(course, text, by=BOLAT)
    assert "schools/outcomes.jsonl" not in str(residue(course.dir, NAME))


def test_pages_say_a_former_facilitator_in_the_readers_language(course: Course) -> None:
    gone(course, DINA)
    page = next((course.people_dir / MARAT).glob("mini/returned/*/mini.html")).read_text()
    assert "бывший фасилитатор" in re.sub("<[^>]+>", "", page)
    notebook = (course.dir / "autograded" / MARAT / "mini" / "mini.ipynb").read_text()
    assert "a former facilitator" in notebook
    kept = json.loads(notebook)["metadata"]["ustaz"]["confirmed"]
    assert [one[1] for one in kept] == ["former-facilitator"]


def test_receipts_of_others_go_on_to_fit_and_nothing_is_graded_again(course: Course) -> None:
    from ustaz.exchange import collect
    from ustaz.grading import grade

    codes = {one: rounds(course, one, "mini")[0].receipt.code for one in (MARAT, OLGA)}
    for person in (DINA, SAULE):
        gone(course, person)
    for one, code in codes.items():
        receipt = verify_code(Course.open(course.dir), code)
        assert receipt is not None
        assert (receipt.person, receipt.code) == (one, code)
    assert collect(course).taken == []
    assert grade(course).graded == []


def test_a_round_that_was_damaged_is_never_sealed_anew(course: Course) -> None:
    path = course.dir / "exchange" / "inbound" / OLGA / "mini" / "0001" / "answers.json"
    path.write_bytes(path.read_bytes().replace(b"Typed from paper", b"Typed from water"))
    before = path.read_bytes()
    done = gone(course, DINA)
    assert path.read_bytes() == before
    assert {one.id for one in done.stays} >= {"damaged"}
    assert {one.id for one in verify(course.dir).findings} == {"round_damaged"}


def test_an_id_that_stands_for_former_people_is_nobodys(course: Course) -> None:
    from ustaz.base.errors import CourseError

    roster = course.dir / "people.csv"
    roster.write_text(roster.read_text() + "former-facilitator,X,participant,g1,s1,en,\n")
    with pytest.raises(CourseError):
        len(course.people)


# -- what stays -----------------------------------------------------------------------------------
def test_others_words_that_name_the_person_are_said_and_stay(course: Course) -> None:
    note = course.dir / "notes.txt"
    note.write_text(f"Ask {NAME} about the hall.\n", encoding="utf-8")
    done = gone(course, AIGUL)
    (said,) = [one for one in done.stays if one.id == "mentions"]
    assert said.params == {"count": 1, "files": "notes.txt"}
    assert note.exists()


def test_backups_that_still_hold_the_person_are_named(course: Course, tmp_path: Path) -> None:
    from ustaz.backup import make_backup

    shelf = tmp_path / "shelf"
    shelf.mkdir()
    old = make_backup(course.dir, shelf).path
    done = gone(course, AIGUL, backups=shelf)
    assert [one.params for one in done.stays if one.id == "backup"] == [{"file": old.name}]
    new = make_backup(course.dir, shelf).path
    found = look(subject_of(course.dir, MARAT), backups=shelf).stays
    assert [one.params["file"] for one in found if one.id == "backup"] == sorted(
        [old.name, new.name]
    )
    old.unlink()
    from ustaz.privacy.retained import holds

    assert not holds(new, whose_was(course))


@pytest.mark.parametrize("size", [16_152, 39_083, *range(1_000, 117_000, 4_000)])
def test_a_backup_that_was_cut_off_is_never_called_clean(tmp_path: Path, size: int) -> None:
    from ustaz.privacy.retained import holds

    whole = Path(__file__).parents[1] / "backup" / "archives" / "hub-of-2026-11-23.tar.gz"
    cut = tmp_path / whole.name
    cut.write_bytes(whole.read_bytes()[:size])
    course = SimpleNamespace(dir=Path("ustaz-demo"))
    member = Member(course, AIGUL, NAME, "", "kk", ("participant",))  # type: ignore[arg-type]
    with suppress(KeepingError):  # it is named as one that cannot be read
        assert holds(cut, DataSubject(tmp_path, AIGUL, AIGUL, (member,)))


def whose_was(course: Course) -> DataSubject:
    """Return the person who is in no roster any more."""

    one = Member(course, AIGUL, NAME, "", "kk", ("participant",))
    return DataSubject(course.dir, AIGUL, AIGUL, (one,))
