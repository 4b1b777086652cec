"""The blocks: what they become, and what the build says about a faulty one."""

from __future__ import annotations

import json
import re

FIRST = "book/modules/first.md"
NOTES = "facilitator_notes/first.md"
#: A complaint names the line of the fault or the line at which its block begins.
NEAR = 8


def html(sample_site, page="en/modules/first.html"):
    return (sample_site / page).read_text()


def test_every_block_says_its_word(sample_site):
    text = html(sample_site, "facilitator/en/modules/first.html")
    for word in (
        "After this page you can",
        "Questions",
        "Activity",
        "For facilitators",
        "Take care",
        "Compare",
        "Needs work",
        "Works",
        "Discuss",
        "Check yourself",
        "Reflect, for yourself",
        "How sure are we?",
        "Key points",
        "Reported",
        "Hint 1 of 2",
        "Hint 2 of 2",
        "Our answer",
    ):
        assert f">{word}<" in text, word


def test_objectives_come_from_the_front_matter(sample_site):
    assert "<li><p>tell a large concern from a small one</p></li>" in html(sample_site)


def test_every_choice_of_a_quiz_has_feedback_that_opens_without_a_script(sample_site):
    text = html(sample_site)
    assert text.count('<details class="uz-feedback">') == 7
    assert "That is for others to decide." in text


def test_hints_and_the_answer_of_a_task_are_closed_until_asked_for(sample_site):
    for edition in ("en", "facilitator/en"):
        text = html(sample_site, f"{edition}/modules/first.html")
        assert text.count('<details class="uz-fold uz-fold-hint"><summary>Hint ') == 2
        assert text.count('<details class="uz-fold uz-fold-answer"><summary>Our answer<') == 1


def test_one_hint_alone_has_no_number(sample):
    sample.edit(FIRST, ":::{hint}\nWho was there, and what did you see?\n:::\n", "")
    sample.build("learner")
    text = (sample.out / "en/modules/first.html").read_text()
    assert "<summary>Hint</summary>" in text


def test_faulty_hints_are_reported_with_file_and_line(sample):
    e = sample.edit
    expected = [
        (e(FIRST, ":::{hint}\nThink of", ":::{hint} First\nThink of"), "{hint}: takes no title"),
        (e(FIRST, "Who was there, and what did you see?\n", ""), "{hint}: is empty"),
        (
            e(FIRST, "Do not hurry.\n", ":::{hint}\nSlowly.\n:::\n"),
            "`{hint}` stands directly inside an `{activity}`",
        ),
        (
            e(FIRST, ":::\n::::\n\n:::{facilitator}", ":::\nAfter all.\n::::\n\n:::{facilitator}"),
            "`{answer}` stands last",
        ),
        (e(NOTES, ":::{say}\nTalk", ":::{hint}\nIn pairs.\n:::\n\n:::{say}\nTalk"), "hints stand"),
    ]
    said = sample.complaints()
    for line, words in expected:
        matching = [one for one in said.splitlines() if words in one]
        assert matching, f"{words!r} is not in:\n{said}"
        number = int(matching[0].split(".md:")[1].split(":")[0])
        assert abs(number - line) <= NEAR, (matching[0], line)


def test_more_than_three_hints_or_two_answers_are_too_many(sample):
    answer = ':::{answer}\n"The same'
    more = ":::{hint}\nOne.\n:::\n:::{hint}\nTwo.\n:::\n:::{answer}\nNo.\n:::\n"
    sample.edit(FIRST, answer, more + answer)
    said = sample.complaints("learner")
    assert "has 4 hints; use 3 at most" in said
    assert "has 2 answers; use one" in said


def test_a_task_without_an_answer_ends_with_our_thoughts(sample):
    sample.edit(FIRST, ':::{answer}\n"The same', ':::{remark}\n"The same')
    sample.build("learner")
    text = (sample.out / "en/modules/first.html").read_text()
    assert '<details class="uz-fold uz-fold-remark"><summary>Our thoughts<' in text


def test_a_task_of_a_module_without_answer_and_thoughts_is_reported(sample):
    start, end = ":::{answer}", "quite different.\n:::\n"
    text = (sample.root / FIRST).read_text()
    sample.edit(FIRST, start + text.partition(start)[2].partition(end)[0] + end, "")
    line = sample.edit(FIRST, "Write one line", "Write a line")
    said = sample.complaints("learner")
    assert f"first.md:{line}: " in said
    assert "an activity of a module ends with an `{answer}` or a `{remark}`" in said


def test_a_task_has_an_answer_or_thoughts_and_not_both(sample):
    sample.edit(
        FIRST, ':::{answer}\n"The same', ':::{remark}\nIt helps.\n:::\n:::{answer}\n"The same'
    )
    assert "has 2 answers; use one" in sample.complaints("learner")


def test_a_hint_holds_no_other_block(sample):
    sample.edit(FIRST, "Think of last Tuesday.", "::::{caution}\nThink.\n::::\n")
    assert "{hint}: holds text only" in sample.complaints("learner")


def test_a_runbook_shows_minutes_grouping_and_talking_time(sample_site):
    text = html(sample_site, "facilitator/en/notes/first.html")
    assert "15 min · in pairs · you talk for 2 min at most" in text


def test_a_runbook_begins_with_the_meeting_at_a_glance(sample_site):
    text = html(sample_site, "facilitator/en/notes/first.html")
    glance = text.partition("The meeting at a glance")[2].partition("</table>")[0]
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", glance, re.DOTALL)
    cells = [re.findall(r"<p>(.*?)</p>", row) for row in rows[1:]]
    assert [[row[0], *row[2:]] for row in cells] == [
        ["0–5", "all together", "2"],
        ["5–20", "in pairs", "2"],
    ]
    assert 'href="#uz-title-' in cells[0][1]
    assert text.index("The meeting at a glance") < text.index('id="before"')


def test_several_meetings_on_one_page_each_start_the_clock_again(sample):
    sample.edit(NOTES, ":minutes: 15\n", ":minutes: 15\n:from: 0\n")
    sample.build()
    text = (sample.out / "facilitator/en/notes/first.html").read_text()
    assert "<p>0–5</p>" in text
    assert "<p>0–15</p>" in text


def test_the_list_of_modules_names_steps_and_quizzes(sample_site):
    listed = json.loads((sample_site / "en/book.json").read_text())
    assert listed["modules"] == [
        {
            "lang": "en",
            "id": "m1",
            "title": "The first module",
            "url": "modules/first.html",
            "minutes": 25,
            "workbook": "",
            "steps": ["begin", "compare", "check"],
            "quizzes": ["one", "two", "three"],
        }
    ]


def test_every_fault_of_a_module_is_reported_at_once_with_file_and_line(sample):
    """One build, many faults: an author sees all of them, not only the first."""
    e = sample.edit
    expected = [
        (e(FIRST, ":minutes: 5\n", ":minutes: five\n"), "whole number of minutes"),
        (e(FIRST, "- [ ] A new timetable", "- [?] A new timetable"), "a choice starts with"),
        (e(FIRST, "  > Yes, they are yours.\n", ""), "every choice needs feedback"),
        (e(FIRST, "- [x] Yes.", "- [ ] Yes."), "has no right choice"),
        (e(FIRST, "- [reported] People", "- [heard] People"), "starts with one of [studied]"),
        (e(FIRST, "- [ours] We think so.", "- [studied] We think so."), "must cite its source"),
        (e(FIRST, ":::{strong} Nurgul, later", ":::{strong}"), "has no title"),
        (e(FIRST, "The second one says who and how often.\n", ""), "nothing about what makes"),
        (e(FIRST, "- Three.\n", ""), "has 2 items; use 3 to 7"),
        (e(FIRST, ":::{minutes} 10", ":::{minutes} 12"), "from 1 to 10, found '12'"),
    ]
    said = sample.complaints()
    for line, words in expected:
        matching = [one for one in said.splitlines() if words in one]
        assert matching, f"{words!r} is not in:\n{said}"
        number = int(matching[0].split(f"{FIRST}:")[1].split(":")[0])
        assert abs(number - line) <= NEAR, (matching[0], line)


def test_the_anatomy_of_a_module_is_checked(sample):
    sample.edit(FIRST, "minutes: 25\n", "minutes: 26\n")
    sample.edit(FIRST, ":::{reflection}\nWhat will you change?\n:::\n", "")
    sample.edit(FIRST, "# The first module\n\n:::{obj", "# The second module\n\n:::{obj")
    sample.edit(FIRST, ":::{quiz} two", ":::{quiz} one")
    sample.edit(FIRST, ":::{minutes} 6\n:::\n", "")
    sample.edit(FIRST, 'workbook: ""', "workbook: focus")
    said = sample.complaints("learner")
    assert "the steps take 19 minutes, the front matter says 26" in said
    assert "needs a `{reflection}` block" in said
    assert "differs from the title" in said
    assert "two quizzes with the id 'one'" in said
    assert "no `{minutes}` directly under its heading" in said
    assert "does not show its workbook" in said


def test_a_step_that_takes_longer_than_it_says_is_reported(sample):
    sample.edit(FIRST, "Do not hurry.", "Do not hurry at all. " * 300)
    assert "the step says 9 minutes, but" in sample.complaints("learner")


def test_an_image_without_alternative_text_is_refused(sample):
    sample.edit("book/index.md", "Start with", "![](figures/x.svg)\n\nStart with")
    figures = sample.root / "book/figures"
    figures.mkdir(exist_ok=True)
    (figures / "x.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    assert "no alternative text" in sample.complaints("learner")


def test_a_runbook_whose_minutes_do_not_add_up_is_refused(sample):
    sample.edit(NOTES, ":minutes: 15\n", ":minutes: 20\n")
    assert "the activities take 25 minutes, the front matter says 20" in sample.complaints()


def test_a_facilitator_who_talks_for_more_than_a_quarter_is_told(sample):
    sample.edit(NOTES, ":talk: 2\n\n:::{say}\nTalk", ":talk: 9\n\n:::{say}\nTalk")
    assert "talks for 11 of 20 minutes" in sample.complaints()


def test_a_runbook_has_its_five_sections_and_something_to_say(sample):
    sample.edit(NOTES, "## If it goes wrong", "## Perhaps")
    sample.edit(NOTES, ":::{say}\nTalk in pairs.\n:::\n", "")
    sample.edit(NOTES, ":talk: 2\n\n:::{say}\nWelcome", "\n:::{say}\nWelcome")
    said = sample.complaints()
    assert "a runbook has the sections" in said
    assert "needs a `{say}` block" in said
    assert "needs `:talk:`" in said


def test_a_workbook_that_does_not_exist_is_named(sample):
    sample.edit(FIRST, ":::{caution}\n", ":::{workbook} nothing\n:::\n\n:::{caution}\n")
    assert "there is no workbook 'nothing'" in sample.complaints("learner")
