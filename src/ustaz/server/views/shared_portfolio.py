"""A portfolio that is shown: assembled as its owner has it, of the places that the share names.

It gathers what stands in all workbooks of the year. Which places these were when it was shown is
part of the share, so that a piece of evidence of a later day is not in it until it is shown again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from markupsafe import Markup

from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.exchange.manifest import travels_with
from ustaz.files import FileStore
from ustaz.portfolio import Portfolio, portfolio
from ustaz.portfolio.html import blocks_html
from ustaz.portfolio.layout import blocks
from ustaz.portfolio.model import Attached
from ustaz.portfolio.pictures import Pictures
from ustaz.server.access import Sight
from ustaz.shares import Share
from ustaz.workbook import Definition, project
from ustaz.workbook.model import Shareable
from ustaz.workbook.sharing import GATHERED, PORTFOLIO_READER, gathered_places, places_of

#: Returns the address of a file by its hash, with a query.
Address = Callable[..., str]


def places(
    course: Course, owner: str, definition: Definition, entry: Shareable, row: str = ""
) -> tuple[str, ...]:
    """Return what is shown with something shareable; with a portfolio what it gathers, too."""
    own = places_of(definition, entry, row)
    if entry.scope != "document" or definition.portfolio is None:
        return own
    subject = Subject.person(owner)
    gathered = (
        place
        for workbook in travels_with(course, definition.id)
        for place in gathered_places(
            course.library[workbook], course.store.read(subject, workbook).answers
        )
    )
    return (*own, *gathered)


def is_portfolio(course: Course, share: Share) -> bool:
    """Tell whether a share is of a portfolio with what it gathers.

    One that was given for the portfolio's own answers alone shows these.
    """
    return (
        share.workbook in course.library.ids
        and course.library[share.workbook].portfolio is not None
        and any(GATHERED in place for place in share.places)
    )


def assembled(course: Course, share: Share, lang: str) -> Portfolio:
    """Return the portfolio that a share shows, as it stands now."""
    reader = Sight("outside", (share,))

    def shown(definition: Definition, answers: Any) -> Any:  # noqa: ANN401 - answers
        read: dict[str, Any] = project(definition, answers, PORTFOLIO_READER)["answers"]
        return project(definition, read, reader.audience, reader.places_in(definition, answers))[
            "answers"
        ]

    return portfolio(
        course,
        share.owner,
        reader.audience,
        lang=lang,
        owner=course.person(share.owner).name,
        definition=course.library[share.workbook],
        projection=shown,
    )


def html(course: Course, model: Portfolio, share: Share, address: Address, top: int) -> Markup:
    """Return a portfolio as a page shows it; `top` is the level of its highest heading."""
    store = FileStore(course.people_dir)

    def picture(file: Attached) -> str:
        kept = store.record(share.owner, file.sha256)
        return address(kept.small or kept.sha256) if kept is not None else ""

    return Markup(  # noqa: S704 - every text in it is escaped
        blocks_html(
            blocks(model),
            model.lang,
            picture=picture,
            download=lambda file: address(file.sha256, download="1"),
            top=top,
        )
    )


def pictures(course: Course, model: Portfolio, share: Share) -> Pictures:
    """Return the pictures of a portfolio that is carried away."""
    return Pictures(FileStore(course.people_dir), share.owner, model.files)


def texts(model: Portfolio) -> Iterator[tuple[str, str, str]]:
    """Yield every text of other workbooks that a portfolio shows: workbook, its title, text."""
    for part in model.parts:
        for answer in part.answers:
            written = [answer.text, *(text for row in answer.rows for _, text in row.cells)]
            files = (*answer.files, *(file for row in answer.rows for file in row.files))
            named = [text for file in files for text in (file.name, file.caption)]
            for text in (*written, *named):
                if text:
                    yield part.workbook, part.title, text
