"""A definition is tried in a notebook: read from whatever there is, complained of by line."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from IPython.core.interactiveshell import InteractiveShell

from ustaz import builder as W  # noqa: N812
from ustaz.base.shipped import shipped
from ustaz.catalogs.library import update_library
from ustaz.preview import Preview
from ustaz.preview.reading import file_of

SURVEY = W.workbook(
    "my-survey",
    title="After the lesson",
    sections=[W.section(W.text("why", "What went well?", long=True, required="ready", points=2))],
)


def written(folder: Path, text: str = SURVEY.yaml) -> Path:
    path = folder / "library" / "my-survey" / "workbook.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def title(preview: Preview, lang: str = "en") -> str:
    return str(preview.page["words"][lang]["definition"]["title"])


def test_a_file_its_folder_its_text_and_what_was_built_show_the_same(tmp_path: Path) -> None:
    path = written(tmp_path)
    shown = [Preview(source).page for source in (path, str(path.parent), SURVEY.yaml, SURVEY)]
    assert all(page == shown[0] for page in shown)
    assert shown[0]["workbook"] == "my-survey"


def test_keys_in_python_are_a_definition_too() -> None:
    preview = Preview(yaml.safe_load(SURVEY.yaml))
    assert title(preview) == "After the lesson"
    assert preview.problems == ()


def test_a_wrong_key_is_complained_of_with_its_line_and_nothing_is_raised() -> None:
    text = SURVEY.yaml.replace("kind: text", "kind: sonnet")
    preview = Preview(text)
    (complaint,) = preview.complaints
    assert preview.page == {}
    assert preview.definition is None
    assert "sonnet" in text.splitlines()[complaint["line"] - 1]
    assert complaint["place"].startswith("sections[0].fields[0]")


def test_what_is_no_yaml_or_no_file_is_complained_of(tmp_path: Path) -> None:
    for source in ("a: [", tmp_path / "nothing" / "workbook.yml", "nothing.yml"):
        preview = Preview(source)
        assert preview.page == {}
        assert len(preview.complaints) == 1


def test_a_saved_file_is_shown_anew_and_a_broken_one_leaves_what_stood_there(
    tmp_path: Path,
) -> None:
    path = written(tmp_path)
    preview = Preview(path)
    assert not preview.look()
    path.write_text(SURVEY.yaml.replace("After the lesson", "After the second lesson"))
    preview._handle_custom_msg({"event": "look"}, [])
    assert title(preview) == "After the second lesson"
    path.write_text("format: [")
    assert preview.look()
    assert title(preview) == "After the second lesson"
    assert len(preview.complaints) == 1
    path.unlink()
    assert preview.look()
    assert "cannot be read" in preview.complaints[0]["message"]
    written(tmp_path)
    assert preview.look()
    assert preview.complaints == []


@pytest.mark.parametrize("message", [None, "look", {"event": "saved"}, {"event": ["look"]}])
def test_other_messages_of_a_page_do_nothing(tmp_path: Path, message: object) -> None:
    path = written(tmp_path)
    preview = Preview(path)
    path.write_text("format: [")
    preview._handle_custom_msg(message, [])
    assert preview.complaints == []


def test_translations_beside_a_library_are_shown(tmp_path: Path) -> None:
    path = written(tmp_path)
    (made, *_) = [
        file for file in update_library(path.parent.parent, ["kk"]) if file.suffix == ".po"
    ]
    text = made.read_text(encoding="utf-8")
    made.write_text(
        text.replace(
            'msgid "After the lesson"\nmsgstr ""', 'msgid "After the lesson"\nmsgstr "Сабақтан соң"'
        ),
        encoding="utf-8",
    )
    assert "Сабақтан соң" in made.read_text(encoding="utf-8")
    preview = Preview(path)
    assert title(preview, "kk") == "Сабақтан соң"
    assert title(preview) == "After the lesson"


def test_shipped_workbooks_can_be_tried_with_those_that_they_refer_to() -> None:
    preview = Preview(shipped("workbooks") / "action-plan")
    assert preview.complaints == []
    assert "people-map" in preview.page["words"]["kk"]["linked"]
    assert title(preview, "ru") != title(preview, "en")


def test_a_reference_that_leads_nowhere_is_complained_of() -> None:
    before = "- {id: before, kind: reference, label: Before, to: nowhere/why}"
    text = SURVEY.yaml.replace("      - id: why", f"      {before}\n      - id: why")
    preview = Preview(text)
    assert any("nowhere" in complaint["message"] for complaint in preview.complaints)


@pytest.mark.parametrize("lang", ["de", "", "kazakh"])
def test_a_language_is_one_of_three(lang: str) -> None:
    with pytest.raises(ValueError, match="a language is one of"):
        Preview(SURVEY, lang=lang)


def test_it_opens_in_the_language_of_the_workbook_or_the_one_that_is_asked_for() -> None:
    kazakh = W.workbook("menin", language="kk", sections=[W.section(W.text("nege"))])
    assert Preview(kazakh).page["lang"] == "kk"
    assert Preview(kazakh, lang="ru").page["lang"] == "ru"


def test_a_reader_without_widgets_sees_the_title_and_what_is_to_be_mended() -> None:
    hostile = SURVEY.yaml.replace("After the lesson", "<script>alert(1)</script>")
    data, _ = Preview(hostile)._repr_mimebundle_()
    assert "<script>" not in data["text/html"]
    assert "&lt;script&gt;" in data["text/html"]
    data, _ = Preview("format: [")._repr_mimebundle_()
    assert "<li>" in data["text/html"]


def test_a_text_is_told_from_the_name_of_a_file(tmp_path: Path) -> None:
    assert file_of("format: 1") is None
    assert file_of("a\nb") is None
    assert file_of(SURVEY) is None
    assert file_of(tmp_path) == tmp_path / "workbook.yml"
    assert file_of("library/x/workbook.yml") == Path("library/x/workbook.yml")


def test_a_cell_that_begins_with_workbook_shows_its_definition() -> None:
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "ustaz.preview")
    shown = shell.run_cell_magic("workbook", "kk", SURVEY.yaml)
    assert isinstance(shown, Preview)
    assert shown.page["lang"] == "kk"
    # A complaint counts lines as the cell does, whose first one is the magic.
    broken = SURVEY.yaml.replace("kind: text", "kind: words", 1)
    [complaint] = shell.run_cell_magic("workbook", "", broken).complaints
    assert complaint["line"] == 1 + next(
        number for number, line in enumerate(broken.splitlines(), 1) if "kind: words" in line
    )


def test_readers_without_widgets_see_the_questions_and_what_is_to_be_mended() -> None:
    hostile = SURVEY.yaml.replace("What went well?", '"<script>alert(1)</script>"')
    data, _ = Preview(hostile)._repr_mimebundle_()
    assert "&lt;script&gt;" in data["text/html"]
    assert "<script" not in data["text/html"]
    broken, _ = Preview(SURVEY.yaml.replace("kind: text", "kind: <b>"))._repr_mimebundle_()
    assert "<b>&" not in broken["text/html"]
    assert "sections[0]" in broken["text/plain"]
