"""Participants find the released notebook beside their answers."""

from pathlib import Path

from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.grading.participants_copies import hand_out

SETTINGS = """\
[course]
id = "handout"
name = "Handout"
demo = true
[calendar]
start = 2026-09-01
end = 2027-05-31
[workbooks]
assignments = ["focus", "action-plan"]
"""


def course(folder: Path) -> Course:
    (folder / "ustaz.toml").write_text(SETTINGS, encoding="utf-8")
    people = "person,name,role\naigul-s,Aigul S.,participant\nnatalya-v,Natalya V.,facilitator\n"
    (folder / "people.csv").write_text(people, encoding="utf-8")
    (folder / "release" / "focus").mkdir(parents=True)
    (folder / "release" / "focus" / "focus.ipynb").write_text("{}", encoding="utf-8")
    return Course.open(folder)


def test_only_released_notebooks_reach_participants(tmp_path: Path) -> None:
    made = course(tmp_path)
    folder = made.store.folder(Subject.person("aigul-s"), "focus")
    assert [folder / "focus.ipynb"] == hand_out(made)
    assert hand_out(made) == []
    assert not made.store.folder(Subject.person("natalya-v"), "focus").exists()


def test_copies_and_their_folders_open_for_their_owner_only(tmp_path: Path) -> None:
    made = course(tmp_path)
    hand_out(made)
    modes = {one.name: one.stat().st_mode & 0o777 for one in made.people_dir.rglob("*")}
    assert modes == {"aigul-s": 0o700, "focus": 0o700, "focus.ipynb": 0o600}
    assert made.people_dir.stat().st_mode & 0o777 == 0o700


def test_an_older_copy_is_replaced_and_answers_stay(tmp_path: Path) -> None:
    made = course(tmp_path)
    hand_out(made)
    folder = made.store.folder(Subject.person("aigul-s"), "focus")
    (folder / "answers.json").write_text("mine", encoding="utf-8")
    (tmp_path / "release" / "focus" / "focus.ipynb").write_text('{"a": 1}', encoding="utf-8")
    assert [folder / "focus.ipynb"] == hand_out(made)
    assert (folder / "focus.ipynb").read_text() == '{"a": 1}'
    assert (folder / "answers.json").read_text() == "mine"


def test_a_link_in_place_of_the_copy_is_left_alone(tmp_path: Path) -> None:
    made = course(tmp_path)
    folder = made.store.folder(Subject.person("aigul-s"), "focus")
    folder.mkdir(parents=True)
    target = tmp_path / "elsewhere"
    target.write_text("theirs", encoding="utf-8")
    (folder / "focus.ipynb").symlink_to(target)
    assert hand_out(made) == []
    assert target.read_text() == "theirs"
