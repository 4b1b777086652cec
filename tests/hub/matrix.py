"""Every page and call of a course, who may use it, and what is sent to try it.

The table says who may; the test asks the real hub as everybody and compares. ``docs/access.md`` is
made of the same run.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

#: Who tries, under which account, in the course of the tests. Aigul is the one whose text it is.
VISITORS: Final[dict[str, str | None]] = {
    "owner": "aigul-s",
    "colleague": "nurgul-a",
    "facilitator": "dina-f",
    "other facilitator": "natalya-v",
    "director": "bakhyt-d",
    "reviewer": "irina-m",
    "staff": "saule-m",
    "operator": "timur-r",
    "withdrawn": "marat-t",
    "other course": "zhanar-e",
    "nobody": None,
}
OUTSIDE: Final = frozenset({"other course", "nobody"})
EVERYBODY: Final = frozenset(VISITORS) - OUTSIDE
WRITERS: Final = EVERYBODY - {"withdrawn"}
DESK: Final = frozenset({"staff", "operator"})
LEADERS: Final = frozenset({"facilitator", "other facilitator", "staff"})
READERS: Final = frozenset({"owner", "facilitator", "staff"})


@dataclass(frozen=True)
class Case:
    """One thing to try.

    Attributes
    ----------
    method, pattern : str
        As in ``ROUTES``; a call's pattern begins with ``api/``.
    path : str
        What is asked, below the course's pages.
    allowed : frozenset of str
        Which of :data:`VISITORS` may.
    fine : tuple of int or str
        What an allowed visitor gets: a status, or the id of a refusal that is about the thing and
        not about the visitor (there is no feedback yet).
    json, form : object
        What is sent.
    what : str
        For the table.
    """

    method: str
    pattern: str
    path: str
    allowed: frozenset[str]
    fine: tuple[int | str, ...] = (200,)
    json: Any = None
    form: dict[str, str] | None = None
    what: str = ""
    headers: dict[str, str] = field(default_factory=dict)


def batch(name: str, **more: Any) -> dict[str, Any]:
    """Return a save that fits everybody's empty or written workbook."""
    return {
        "batch": f"matrix-{name}-0001",
        "client": "matrix",
        "base_revision": 0,
        "lang": "en",
        "changes": [{"op": "set", "path": ["focus_statement"], "value": "In pairs"}],
        **more,
    }


#: A file that nobody has, and one that everybody begins to send.
NO_FILE: Final = "0" * 64
SENDING: Final = {"name": "a.jpg", "size": 10, "sha256": "1" * 64, "visible": "none"}
AIGUL: Final = "?person=aigul-s"
WB: Final = "api/workbooks/{workbook}"
CASES: Final = (
    Case("GET", "api/health", "api/v1/health", frozenset(VISITORS), what="whether it works"),
    Case("GET", "api/me", "api/v1/me", EVERYBODY, what="who I am"),
    Case("GET", "api/home", "api/v1/home", EVERYBODY, what="my home, as data"),
    Case("POST", "api/lang", "api/v1/lang", EVERYBODY, json={"lang": "en"}, what="my language"),
    Case("POST", "api/act-as", "api/v1/act-as", frozenset(), json={"person": "aigul-s"},
         what="be somebody else"),
    Case("GET", "api/openapi.yaml", "api/v1/openapi.yaml", EVERYBODY,
         what="the description of calls"),
    Case("GET", "api/messages/{lang}", "api/v1/messages/kk", EVERYBODY,
         what="words of the front end"),
    Case("GET", "api/assignments", "api/v1/assignments", EVERYBODY, what="what is handed in"),
    Case("GET", WB, "api/v1/workbooks/focus", EVERYBODY, what="the own workbook"),
    Case("GET", WB, f"api/v1/workbooks/focus{AIGUL}", READERS, what="Aigul's workbook"),
    Case("GET", f"{WB}/opening", f"api/v1/workbooks/focus/opening{AIGUL}", READERS,
         what="what Aigul's workbook opens with"),
    Case("GET", f"{WB}/notebook", "api/v1/workbooks/focus/notebook", EVERYBODY,
         (200, "no_workbook"), what="the empty notebook"),
    Case("GET", f"{WB}/answers", "api/v1/workbooks/focus/answers", EVERYBODY,
         what="the own answers"),
    Case("GET", f"{WB}/answers", f"api/v1/workbooks/focus/answers{AIGUL}", READERS,
         what="Aigul's answers"),
    Case("GET", f"{WB}/tables", "api/v1/workbooks/focus/tables", EVERYBODY,
         what="the own answers as tables"),
    Case("GET", f"{WB}/tables", f"api/v1/workbooks/focus/tables{AIGUL}", READERS,
         what="Aigul's answers as tables"),
    Case("PATCH", f"{WB}/answers", "api/v1/workbooks/focus/answers", WRITERS, json=batch("own"),
         what="write in the own workbook"),
    Case("PATCH", f"{WB}/answers", f"api/v1/workbooks/focus/answers{AIGUL}", frozenset({"owner"}),
         json=batch("aigul"), what="write in Aigul's workbook"),
    Case("PATCH", f"{WB}/answers", f"api/v1/workbooks/focus/answers{AIGUL}&by={{me}}",
         frozenset({"owner", "facilitator"}), json=batch("typed"), what="type in for Aigul"),
    Case("GET", f"{WB}/history", "api/v1/workbooks/focus/history", EVERYBODY,
         what="the own history"),
    Case("GET", f"{WB}/history", f"api/v1/workbooks/focus/history{AIGUL}", frozenset({"owner"}),
         what="Aigul's history"),
    Case("GET", f"{WB}/history/{{revision}}", f"api/v1/workbooks/focus/history/1{AIGUL}",
         frozenset({"owner"}), what="an earlier version of Aigul's"),
    Case("POST", f"{WB}/restore", f"api/v1/workbooks/focus/restore{AIGUL}", frozenset({"owner"}),
         json={"revision": 1}, what="bring back an earlier version of Aigul's"),
    Case("POST", f"{WB}/submit", f"api/v1/workbooks/focus/submit{AIGUL}", frozenset({"owner"}),
         (200, 201), json={"confirm": True}, what="submit Aigul's workbook"),
    Case("GET", f"{WB}/rounds/{{round}}", f"api/v1/workbooks/focus/rounds/1{AIGUL}", READERS,
         what="what Aigul submitted"),
    Case("GET", f"{WB}/rounds/{{round}}", "api/v1/workbooks/focus/rounds/1?person={alias}",
         frozenset({"reviewer"}), what="the same under the reviewer's pseudonym"),
    Case("GET", f"{WB}/rounds/{{round}}/feedback", "api/v1/workbooks/focus/rounds/1/feedback",
         EVERYBODY, (200, "no_feedback", "no_round"),
         what="the feedback on an own round, as files"),
    Case("GET", f"{WB}/feedback", f"api/v1/workbooks/focus/feedback{AIGUL}", READERS,
         (200, "no_feedback"), what="the feedback for Aigul"),
    Case("POST", f"{WB}/confirmations", "api/v1/workbooks/focus/confirmations",
         frozenset({"facilitator"}),
         json={"about": "aigul-s", "field": "focus_agreed_with_facilitator", "value": True},
         what="confirm what was agreed with Aigul"),
    Case("POST", f"{WB}/entered", f"api/v1/workbooks/focus/entered{AIGUL}", frozenset({"owner"}),
         (200, "typed_meanwhile"), json={"seen": {"focus_statement": 1}},
         what="confirm what was typed in"),
    Case("GET", "api/files", "api/v1/files", EVERYBODY, what="the own evidence files"),
    Case("POST", "api/files", "api/v1/files", WRITERS, (201,), json=SENDING,
         what="begin to send an own file"),
    Case("PUT", "api/files/{hash}", f"api/v1/files/{NO_FILE}?offset=0", WRITERS,
         ("file_no_upload",), json={}, what="a piece of an own file"),
    Case("POST", "api/files/{hash}/finish", f"api/v1/files/{NO_FILE}/finish", WRITERS,
         ("file_no_upload",), json={}, what="make a file of the pieces"),
    Case("GET", "api/people/{person}/files/{hash}", f"api/v1/people/aigul-s/files/{NO_FILE}",
         READERS, ("no_file",), what="a file of Aigul's"),
    Case("GET", "api/staff/overview", "api/v1/staff/overview", DESK, what="counts of the course"),
    Case("POST", "api/staff/{action}", "api/v1/staff/collect", DESK, (200, 202, "run_busy"),
         json={"workbook": "focus"}, what="collect, grade, release feedback"),
    Case("GET", "api/staff/run", "api/v1/staff/run", DESK, what="the last job"),
    Case("GET", "api/staff/feedback/{person}/{workbook}", "api/v1/staff/feedback/aigul-s/focus",
         frozenset({"staff"}), (200, "no_feedback"), what="what feedback for Aigul will be"),
    Case("GET", "api/calendar/{secret}", f"api/v1/calendar/{'A' * 43}.ics", frozenset(VISITORS),
         ("no_page",), what="a secret address of a calendar that was never made"),
    Case("GET", "api/.*", "api/v1/nothing", EVERYBODY, ("no_page",),
         what="a call that does not exist"),
    Case("GET", "", "", EVERYBODY, what="home"),
    Case("POST", "act-as", "act-as", frozenset(), form={"person": "aigul-s"},
         what="be somebody else"),
    Case("POST", "lang", "lang", EVERYBODY, form={"lang": "en", "next": ""}, what="the language"),
    Case("GET", "workbooks/{workbook}", "workbooks/focus", EVERYBODY,
         what="the own workbook's page"),
    Case("GET", "workbooks/{workbook}/paper", "workbooks/focus/paper", EVERYBODY,
         what="an empty form to print"),
    Case("POST", "workbooks/{workbook}", "workbooks/focus", WRITERS,
         form={"do": "save", "reader": "{me}", "revision/focus": "0"},
         what="save the own workbook's form"),
    Case("GET", "workbooks/{workbook}/submit", "workbooks/focus/submit", WRITERS,
         what="check the own workbook"),
    Case("POST", "workbooks/{workbook}/submit", "workbooks/focus/submit", WRITERS,
         (200, 303, 409, 422), form={"revision": "0"}, what="submit the own workbook by its page"),
    Case("POST", "workbooks/{workbook}/entry", "workbooks/focus/entry", WRITERS,
         (200, 404), form={"text": "A sentence"}, what="a quick entry in the own workbook"),
    Case("GET", "workbooks/{workbook}/saved", "workbooks/focus/saved", EVERYBODY,
         what="what was saved in the own workbook"),
    Case("GET", "workbooks/{workbook}/poster", "workbooks/network-notes/poster", EVERYBODY,
         (200, "no_workbook"), what="the own poster"),
    Case("GET", "workbooks/{workbook}/receipt/{round}", "workbooks/focus/receipt/1",
         frozenset({"owner"}), what="the own receipt"),
    Case("GET", "workbooks/{workbook}/feedback", "workbooks/focus/feedback", EVERYBODY,
         (200, "no_feedback"), what="the own feedback"),
    Case("GET", "workbooks/{workbook}/share", "workbooks/vignette/share", EVERYBODY,
         (200, "no_workbook"), what="what one shows of an own workbook"),
    Case("POST", "workbooks/{workbook}/share", "workbooks/vignette/share", WRITERS,
         (400, "no_workbook"), form={"do": "nothing"}, what="show something of an own workbook"),
    Case("GET", "workbooks/{workbook}/share/look", "workbooks/vignette/share/look?what=none",
         WRITERS, ("share_unknown", "no_workbook"), what="look at it before it is shown"),
    Case("GET", "shares", "shares", EVERYBODY, what="everything that one shows"),
    Case("POST", "shares", "shares", EVERYBODY, form={"do": "end", "id": "none"},
         what="stop showing something of one's own"),
    Case("GET", "shown/{person}/{share}", f"shown/aigul-s/{'0' * 12}", EVERYBODY, ("not_shown",),
         what="what Aigul shows, where she does not"),
    Case("GET", "shown/{person}/{share}", "shown/aigul-s/{to_group}",
         frozenset({"owner", "colleague", "facilitator"}), what="what Aigul shows to her group"),
    Case("GET", "shown/{person}/{share}", "shown/aigul-s/{to_school}",
         frozenset({"owner", "director"}), what="what Aigul shows to her director"),
    Case("GET", "shown/{person}/{share}", "shown/aigul-s/{to_public}",
         frozenset({"owner", "director", "staff"}),
         what="what Aigul wants to publish, before it is"),
    Case("GET", "shown/{person}/{share}", "shown/aigul-s/{to_outside}", frozenset({"owner"}),
         what="what Aigul shows by a secret address, without it"),
    Case("GET", "group", "group",
         frozenset({"owner", "colleague", "facilitator", "other facilitator"}),
         what="what the own group shows"),
    Case("GET", "group", "group?group=g1", frozenset({"owner", "colleague", "facilitator"}),
         what="what Aigul's group shows"),
    Case("GET", "stories", "stories", frozenset({"director", "staff"}),
         what="stories that wait for a school"),
    Case("POST", "stories", "stories", frozenset({"director", "staff"}), (400,),
         form={"do": "nothing", "person": "aigul-s", "id": "{to_public}"},
         what="agree for Aigul's school"),
    Case("GET", "shared/{secret}", "shared/{secret}", frozenset(VISITORS),
         what="the cover of a secret address"),
    Case("POST", "shared/{secret}", "shared/{secret}", frozenset(VISITORS), form={},
         what="open a secret address"),
    Case("GET", "shared/{secret}", f"shared/{'A' * 43}", frozenset(VISITORS), ("not_shown",),
         what="a secret address that was never made"),
    Case("GET", "shared/{secret}/files/{hash}", f"shared/{{secret}}/files/{NO_FILE}",
         frozenset(VISITORS), ("no_file",), what="a file that a secret address does not show"),
    Case("GET", "shared/{secret}/portfolio/{form}", "shared/{secret}/portfolio/pdf",
         frozenset(VISITORS), ("not_shown",),
         what="a portfolio as a file, at an address that shows none"),
    Case("GET", "surveys", "surveys",
         frozenset({"facilitator", "other facilitator", "director", "staff"}),
         what="surveys of the own schools"),
    Case("POST", "surveys", "surveys",
         frozenset({"facilitator", "other facilitator", "director", "staff"}), (400,),
         form={"do": "nothing"}, what="open or end a survey of an own school"),
    Case("GET", "surveys/{survey}", "surveys/0123456789ab",
         frozenset({"facilitator", "other facilitator", "director", "staff"}), (404,),
         what="a survey's report that is not there"),
    Case("GET", "survey", "survey", frozenset(VISITORS), what="where a slip's code is typed"),
    Case("POST", "survey", "survey", frozenset(VISITORS), (422,), form={"code": "wrong"},
         what="a code that opens nothing"),
    Case("GET", "survey/{code}", "survey/ABCD-EFGH-JKMN", frozenset(VISITORS), (404,),
         what="the questions of a slip that was never made"),
    Case("POST", "survey/{code}", "survey/ABCD-EFGH-JKMN", frozenset(VISITORS), (404,), form={},
         what="send the answers of a slip that was never made"),
    Case("POST", "mine", "mine", EVERYBODY, (400,), form={"do": "nothing"},
         what="download everything that is one's own"),
    Case("GET", "portfolio", "portfolio", EVERYBODY, (404,), what="the own portfolio"),
    Case("GET", "portfolio/{form}", "portfolio/pdf", EVERYBODY, (404,),
         what="the own portfolio as a file"),
    Case("GET", "portfolios/{person}", "portfolios/aigul-s", READERS, (404,),
         what="a portfolio as it stands"),
    Case("GET", "portfolios/{person}", "portfolios/{alias}", frozenset({"reviewer"}), (404,),
         what="a portfolio that was submitted"),
    Case("GET", "portfolios/{person}/{form}", "portfolios/aigul-s/docx", READERS, (404,),
         what="a portfolio as a file"),
    Case("POST", "steps", "steps", frozenset({"owner", "colleague"}), (404,),
         form={"do": "done", "workbook": "action-plan", "table": "steps", "row": "none"},
         what="mark an own step as done"),
    Case("GET", "projects", "projects", frozenset({"owner", "colleague", "withdrawn"}),
         what="the own projects"),
    Case("POST", "projects", "projects", frozenset({"owner", "colleague"}), (422,),
         form={"do": "begin"}, what="begin another project"),
    Case("GET", "projects/{number}/{workbook}", "projects/1/focus", EVERYBODY, (404,),
         what="a workbook of an own earlier project"),
    Case("GET", "people/{person}/projects/{number}/{workbook}", "people/aigul-s/projects/1/focus",
         READERS, (404,), what="a workbook of Aigul's earlier project"),
    Case("GET", "second-year", "second-year", frozenset({"owner", "colleague", "withdrawn"}),
         what="take something along from an earlier year"),
    Case("POST", "second-year", "second-year", frozenset({"owner", "colleague"}), (404,),
         form={"do": "undo", "workbook": "focus", "revision": "0"},
         what="take back what was taken along"),
    Case("GET", "reach", "reach", frozenset({"facilitator", "other facilitator"}),
         what="how the own group reaches one"),
    Case("POST", "reach", "reach", frozenset({"facilitator", "other facilitator"}),
         form={"telephone": "+7 700 000 00 00"}, what="say how the own group reaches one"),
    Case("GET", "calendar", "calendar", EVERYBODY, what="the own calendar"),
    Case("GET", "calendar.ics", "calendar.ics", EVERYBODY, what="the own calendar as a file"),
    Case("POST", "calendar", "calendar", WRITERS, form={"do": "close"},
         what="close the own secret address"),
    Case("GET", "story", "story", EVERYBODY, what="the own project as a picture"),
    Case("GET", "story/{person}", "story/aigul-s", READERS, what="Aigul's project as a picture"),
    Case("GET", "rounds/{person}/{workbook}/{round}", "rounds/aigul-s/focus/1",
         frozenset({"staff"}), what="the page of Aigul's round"),
    Case("GET", "rounds/{person}/{workbook}/{round}", "rounds/{alias}/focus/1",
         frozenset({"reviewer"}), what="the same under the reviewer's pseudonym"),
    Case("GET", "people/{person}/{workbook}", "people/aigul-s/focus", READERS,
         what="the page of Aigul's workbook"),
    Case("GET", "people/{person}/{workbook}/poster", "people/aigul-s/network-notes/poster",
         READERS, (200, "no_workbook"), what="Aigul's poster"),
    Case("GET", "people/{person}/{workbook}/enter", "people/aigul-s/focus/enter",
         frozenset({"owner", "facilitator"}), what="the page to type in for Aigul"),
    Case("POST", "people/{person}/{workbook}/enter", "people/aigul-s/focus/enter",
         frozenset({"facilitator"}), form={"do": "save", "reader": "{me}", "revision/focus": "0"},
         what="save the form to type in for Aigul"),
    Case("POST", "people/{person}/{workbook}/confirm", "people/aigul-s/focus/confirm",
         frozenset({"facilitator"}),
         form={"field": "focus_agreed_with_facilitator", "value": "no"},
         what="take a confirmation back"),
    Case("POST", "staff/{action}", "staff/collect", DESK, (200, "run_busy"),
         form={"workbook": "focus"}, what="collect, from the page"),
    Case("GET", "staff/dates", "staff/dates", frozenset({"staff"}), what="days and extensions"),
    Case("POST", "staff/dates", "staff/dates", frozenset({"staff"}), (400,), form={"do": "nothing"},
         what="give more time"),
    Case("GET", "staff/calendar", "staff/calendar", LEADERS, what="the meetings"),
    Case("POST", "staff/calendar", "staff/calendar", LEADERS, (400,), form={"do": "nothing"},
         what="enter and move meetings"),
    Case("GET", "staff/people", "staff/people", DESK, what="the people of the course"),
    Case("GET", "staff/people/{person}", "staff/people/aigul-s", DESK, what="Aigul's place in it"),
    Case("POST", "staff/people/{person}/change", "staff/people/aigul-s/change", DESK, (400,),
         form={"action": "nothing"}, what="change Aigul's place"),
    Case("GET", "staff/roster", "staff/roster", DESK, what="the page for a list of people"),
    Case("POST", "staff/roster", "staff/roster", DESK, (200, 400), form={},
         what="send a list of people"),
    Case("GET", "staff/roster/{token}", f"staff/roster/{'0' * 32}", DESK, (200, 404),
         what="a list that was read"),
    Case("POST", "staff/roster/{token}", f"staff/roster/{'0' * 32}", DESK, (200, 404),
         form={}, what="take a list over"),
    Case("POST", "staff/roster/{token}/columns", f"staff/roster/{'0' * 32}/columns", DESK,
         (200, 404), form={}, what="say which column is which"),
    Case("GET", "staff/join", "staff/join", DESK, what="the page that joins schools and groups"),
    Case("POST", "staff/join", "staff/join", DESK, (400,), form={}, what="join schools or groups"),
    Case("GET", "sign-in", "sign-in",
         frozenset({"facilitator", "other facilitator", "staff", "operator"}),
         what="the page for codes"),
    Case("POST", "sign-in", "sign-in", frozenset({"facilitator", "staff", "operator"}),
         form={"action": "take_back", "person": "aigul-s"}, what="take back a code of Aigul's"),
    Case("GET", "book/{path}", "book/en/index.html", EVERYBODY, (200, "no_book"), what="the book"),
    Case("GET", "book/{path}", "book/facilitator/en/index.html",
         frozenset({"facilitator", "other facilitator", "staff", "operator"}), (200, "no_book"),
         what="the book for facilitators"),
    Case("GET", "static/{name}", "static/site.css", frozenset(VISITORS), what="the style"),
    Case("GET", ".*", "nothing-here", EVERYBODY, ("no_page",), what="a page that does not exist"),
)  # fmt: skip
