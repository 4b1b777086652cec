"""The words of every refusal: what happened, that nothing is lost, what to do."""

from __future__ import annotations

from typing import Any, Final

from ustaz.answers import StoreError
from ustaz.base.errors import UstazError
from ustaz.exchange import Refused
from ustaz.files import FileRefused
from ustaz.files.model import REFUSALS as FILES
from ustaz.messages import N_
from ustaz.messages import format as fill
from ustaz.portfolio.typesetting import FormRefused
from ustaz.roster import RosterError
from ustaz.schools import AskError
from ustaz.server.http import HTTPProblem
from ustaz.server.i18n import Words
from ustaz.sessions.plan import PlanError
from ustaz.tutorials import TutorialError

Texts = tuple[str, str]

UNKNOWN: Final[Texts] = (
    N_("Something went wrong here, not with you."),
    N_(
        "What was saved is safe. Try again in a moment; if it happens again, tell the course staff."
    ),
)

REFUSALS: Final[dict[str, Texts]] = {
    "signed_out": (
        N_("Your session has ended."),
        N_(
            "What you wrote on this page is kept in this browser. Open the course again in a new"
            " tab, then come back here."
        ),
    ),
    "signed_out_form": (
        N_("Your session has ended."),
        N_(
            "What you wrote stands on this page and is not saved yet. Sign in again in a new tab,"
            " then come back here and send it once more."
        ),
    ),
    "xsrf": (
        N_("This page was open for too long, so the request was not accepted."),
        N_("Nothing is lost. Load the page again and repeat the last step."),
    ),
    "no_slip": (
        N_("This code opens nothing."),
        N_(
            "Compare it with your slip, letter by letter. If it is the same, the survey has ended;"
            " ask whoever gave you the slip."
        ),
    ),
    "choose_person": (
        N_("This is a demo: choose first whom you want to try it out as."),
        N_("The home page offers the people to choose from."),
    ),
    "not_a_demo": (
        N_("You can try out other people's pages in a demo course only."),
        N_("Go on as yourself."),
    ),
    "unknown_account": (
        N_("Your account is not in this course's list of people."),
        N_("Ask your facilitator or the course staff to enter it. Nothing is lost."),
    ),
    "unknown_person": (
        N_("There is no such person in this course."),
        N_("Go back to the home page and choose from the list."),
    ),
    "not_yours": (
        N_("This page is not open to you."),
        N_("Your own pages are on the home page."),
    ),
    "not_shown": (
        N_("Nothing is shown here, or no longer."),
        N_("What somebody shows can be taken back at any time. Ask the person who showed it."),
    ),
    "nothing_to_show": (
        N_("Nothing of this workbook can be shown to others."),
        N_("What you may show is on the page “What I show”."),
    ),
    "share_unknown": (
        N_("There is no such thing to show."),
        N_("Choose it on the page of the workbook once more."),
    ),
    "course_closed": (
        N_("This course has ended, so nothing can be changed here."),
        N_(
            "Nothing is lost: everything stays readable, and on the home page you download what is"
            " yours. If something is missing, write to the course staff."
        ),
    ),
    "no_right": (
        N_("An operator has to allow you to set up courses."),
        N_("Nothing was changed. Ask whoever runs this hub."),
    ),
    "withdrawn": (
        N_("You have left this course, so nothing can be changed here."),
        N_(
            "Nothing is lost: what you wrote stays readable for you. If you want to go on, ask your"
            " facilitator or the course staff to take you back."
        ),
    ),
    "read_only": (
        N_("You are reading another person's workbook: nothing can be changed here."),
        N_("Your own workbooks are on the home page."),
    ),
    "other_account": (
        N_("Somebody else is signed in in this browser now."),
        N_(
            "What you wrote on this page is kept in this browser. Sign in as yourself again, then"
            " come back here."
        ),
    ),
    "other_account_form": (
        N_("Somebody else is signed in in this browser now."),
        N_(
            "What you wrote stands on this page and is not saved yet. Sign in as yourself again in"
            " a new tab, then come back here and send it once more."
        ),
    ),
    "facilitator_only": (
        N_("Only the facilitator of this person's group can type in from paper."),
        N_("You can read the workbook. Nothing was changed."),
    ),
    "private_field": (
        N_("This answer is private: only the person whose workbook it is sees it and writes it."),
        N_("Nothing was changed. Leave this question to them."),
    ),
    "owner_only": (
        N_("Only the person whose workbook it is can mark it as ready or choose its language."),
        N_("Nothing was changed."),
    ),
    "owners_row": (
        N_("This row holds words of the person whose workbook it is, so only they can remove it."),
        N_("Nothing was changed. You can correct what is in it; that will be marked."),
    ),
    "typed_meanwhile": (
        N_("Something was typed in or changed since you opened this list."),
        N_("Nothing was confirmed. Read the answers once more, then confirm them."),
    ),
    "no_page": (
        N_("There is no such page."),
        N_("The address may be mistyped or old. The home page shows everything that is yours."),
    ),
    "no_workbook": (
        N_("This course has no such workbook."),
        N_("The home page lists the workbooks of this course."),
    ),
    "too_much_to_take": (
        N_("There is more of you here than one download can carry."),
        N_("Nothing is lost. Ask the course staff: they copy everything out for you."),
    ),
    "not_taken": (
        N_("The copy could not be made just now."),
        N_("Nothing is lost. Try again in some minutes; if it fails again, ask the course staff."),
    ),
    "no_step": (
        N_("This step is not in your plan any more, or has changed meanwhile."),
        N_("Nothing was changed. Open your plan to see how it is now."),
    ),
    "not_agreed": (
        N_("This is not agreed with you any more, or has changed meanwhile."),
        N_("Nothing was changed. Your home page shows how it is now."),
    ),
    "no_round": (
        N_("There is no such submission."),
        N_("The workbook's page lists what was submitted."),
    ),
    "no_feedback": (
        N_("There is no feedback here yet."),
        N_("The home page shows it as soon as it comes."),
    ),
    "no_field": (
        N_("This workbook has no such question."),
        N_("Load the page again; the workbook may have been updated."),
    ),
    "no_book": (
        N_("The book is not here yet."),
        N_("Everything else works without it. Ask the course staff when you need it."),
    ),
    "wrong_method": (
        N_("This address does not take that kind of request."),
        N_("Go back to the home page."),
    ),
    "plan_changed": (
        N_("Somebody else has saved this plan since you opened it."),
        N_("What you wrote is kept in this browser. Choose which of the two is to count."),
    ),
    "bad_json": (
        N_("The request could not be read, so nothing was changed."),
        N_("Load the page again. What you wrote is kept in this browser."),
    ),
    "bad_request": (
        N_("The request was not complete, so nothing was changed."),
        N_("Load the page again and repeat the last step."),
    ),
    "too_large": (
        N_("This is more than one request can hold, so nothing was changed."),
        N_("What you wrote is kept in this browser. Load the page again."),
    ),
    "too_many": (
        N_("That was too much at once."),
        N_("Nothing is lost. It goes on by itself in a moment."),
    ),
    "run_busy": (
        N_("The course is being collected or graded right now."),
        N_("Wait until that is finished, then try again."),
    ),
    "hub_away": (
        N_("The sign-in service does not answer just now."),
        N_("What you wrote is kept. Wait a moment and try again."),
    ),
    "may_not_invite": (
        N_("You cannot hand out a code for this person."),
        N_("Ask the course staff; for course staff and operators, ask the operator."),
    ),
    "no_grading": (
        N_("Grading could not be finished."),
        N_("Nothing of what people submitted was changed. The server's log says more."),
    ),
    "internal": UNKNOWN,
}


def texts(words: Words, problem: HTTPProblem) -> Texts:
    """Return message and hint in the reader's language."""
    message, hint = problem.texts or REFUSALS.get(problem.id, UNKNOWN)
    texts = (fill(words.plain(text), **problem.params) for text in (message, hint))
    return next(texts), next(texts)


#: What those read who can have it built; the command is the one for this very book.
NO_BOOK_STAFF: Final[Texts] = (
    REFUSALS["no_book"][0],
    N_("It has to be built. Whoever looks after the computer of the course runs there: {command}"),
)

STATUS: Final = {
    "unknown_person": 404,
    "unknown_account": 403,
    "not_a_demo": 403,
    "full": 507,
    "io": 503,
    "unsafe": 500,
    "bad_name": 404,
    "readonly": 503,
    "busy": 503,
    "damaged": 500,
    "newer": 409,
    "no_upgrade": 500,
    "too_large": 413,
    "bad_change": 422,
    "older_round": 409,
    "changed": 409,
    "nothing_yet": 409,
    "companion": 409,
    "not_yours": 403,
    "unknown_workbook": 404,
    "not_stored": 503,
    "file_missing": 409,
    "bad_claim": 400,
    "no_revision": 404,
    "withdrawn": 403,
    "bad_request": 400,
    "typed_meanwhile": 409,
    "not_in_roster": 404,
    "no_entry": 404,
    "no_substitution": 404,
    "changed_since": 409,
    "roster_busy": 503,
    "no_file": 404,
    "file_no_upload": 404,
    "file_wrong_offset": 409,
    "file_bad_request": 400,
    "file_too_large": 413,
    "file_busy": 503,
    "file_not_stored": 503,
    "tutorial_unknown": 404,
    "tutorial_changed": 409,
    "tutorial_written": 409,
    "pdf_missing": 501,
    "pdf_busy": 503,
    "pdf_failed": 503,
}


def from_error(error: UstazError) -> HTTPProblem:
    """Return the refusal for an error of the layers below.

    Errors of the store and of the exchange bring their own translated words; those of the
    course speak to authors, so a reader gets ours.
    """
    status = STATUS.get(error.id, 422)
    if error.id in REFUSALS:
        return HTTPProblem(status, error.id)
    if isinstance(error, Refused):
        extra = {"receipt": error.receipt.to_dict()} if error.receipt else {}
        return HTTPProblem(status, error.id, texts=(error.message, error.hint), extra=extra)
    if isinstance(error, FileRefused):
        held = {} if error.offset is None else {"offset": error.offset}
        return HTTPProblem(status, error.id, texts=FILES[error.id], extra=held, **error.params)
    if isinstance(
        error, StoreError | RosterError | FormRefused | TutorialError | PlanError | AskError
    ):
        return HTTPProblem(status, error.id, texts=(error.message, error.hint))
    return HTTPProblem(500, "internal", extra={"detail": error.id})


def as_json(words: Words, problem: HTTPProblem) -> dict[str, Any]:
    """Return the JSON form of a refusal."""
    message, hint = texts(words, problem)
    return {"error": problem.id, "message": message, "hint": hint, **problem.extra}
