"""Which stories are published, and what of each: nothing but what its author shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from ustaz.answers import Subject
from ustaz.course import Course
from ustaz.messages import translator
from ustaz.roster.people import Person
from ustaz.schools import Outcome, outcomes
from ustaz.shares import Share, live
from ustaz.workbook import project
from ustaz.workbook.kinds import serves
from ustaz.workbook.serialize import localized

PUBLIC: Final = "public"
#: What a story says of itself, by the ids of its fields; every other answer is a piece of it.
TITLE: Final = "title"
BYLINE: Final = "byline"
QUOTE: Final = "pull_quote"
KEYWORDS: Final = "keywords"
ABOUT: Final = (TITLE, BYLINE, QUOTE, KEYWORDS)


@dataclass(frozen=True, slots=True)
class Story:
    """A story as it is published.

    Attributes
    ----------
    id : str
        Of its share, or ``school-`` and that of the outcome: says nothing about its author.
    owner : str
        For whoever erases and counts, empty for a school's; it stands in no page.
    lang : str
    title, quote : str
    byline : str
        The author's name, initials, or nothing, as the author chose; of a school's its name.
    keywords : tuple of str
    pieces : tuple of (str, str)
        Heading in the story's language, and text.
    """

    id: str
    owner: str
    lang: str
    title: str
    byline: str
    quote: str
    keywords: tuple[str, ...]
    pieces: tuple[tuple[str, str], ...]

    @property
    def is_of_a_school(self) -> bool:
        """Tell whether a school tells it, and no teacher."""
        return not self.owner


def _shown(course: Course, share: Share) -> tuple[str, dict[str, Any]]:
    """Return a story's language and what of it is shown."""
    document = course.store.read(Subject.person(share.owner), share.workbook)
    definition = course.library[share.workbook]
    shown = project(definition, document.answers, "outside", share.places)["answers"]
    return document.lang, shown


def content_digest(course: Course, share: Share) -> str:
    """Return the digest of what would be published now; a school agrees to exactly this."""
    if share.workbook not in course.library.ids:
        return ""
    text = json.dumps(_shown(course, share), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def is_agreed(course: Course, share: Share) -> bool:
    """Tell whether the school agrees to what stands there now."""
    return share.permission is not None and share.permission.content == content_digest(
        course, share
    )


def published(course: Course) -> Iterator[Share]:
    """Yield the shares whose author and school agree today, in the order of the roster."""
    for person in course.people:
        for share in live(course, person, (PUBLIC,)):
            if share.workbook in course.library.ids and is_agreed(course, share):
                yield share


def stories(course: Course) -> list[Story]:
    """Return the published stories; one without a title or a text is none."""
    all_stories = [_story(course, share) for share in published(course)]
    all_stories += [_of_school(course, known) for known in outcomes.read(course)
                    if known.is_published]  # fmt: skip
    whole = {story.id: story for story in all_stories if story.title and story.pieces}
    return sorted(whole.values(), key=lambda story: (story.title.casefold(), story.id))


def _story(course: Course, share: Share) -> Story:
    lang, shown = _shown(course, share)
    author = course.person(share.owner)
    lang = lang if lang in course.languages else author.lang
    definition = course.library[share.workbook]
    labels = {
        field["id"]: str(field["label"])
        for section in localized(definition, lang)["sections"]
        for field in section.get("fields") or ()
    }
    pieces = tuple(
        (labels[field.id], text)
        for field in definition.fields
        if field.id not in ABOUT and serves(field, "title")
        for text in (_text(shown.get(field.id)),)
        if text
    )
    keywords = shown.get(KEYWORDS)
    return Story(
        id=share.id,
        owner=share.owner,
        lang=lang,
        title=_text(shown.get(TITLE)),
        byline=byline(author, shown.get(BYLINE)),
        quote=_text(shown.get(QUOTE)),
        keywords=tuple(map(_text, keywords)) if isinstance(keywords, list) else (),
        pieces=pieces,
    )


def _of_school(course: Course, known: Outcome) -> Story:
    text = known.text
    lang = text.lang if text.lang in course.languages else course.languages[0]
    words = translator(lang)
    return Story(
        id=f"school-{known.id}",
        owner="",
        lang=lang,
        title=text.title,
        byline=known.school if outcomes.is_named(course, known) else "",
        quote="",
        keywords=(),
        pieces=tuple(
            (words.gettext(outcomes.PARTS[name]), piece) for name, piece in text.parts.items()
        ),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def byline(author: Person, choice: object) -> str:
    """Return how an author is named; without a choice, not at all."""
    if choice == "name":
        return author.name
    if choice == "initials":
        letters = [word[0].upper() for word in author.name.replace(".", " ").split() if word]
        return " ".join(f"{letter}." for letter in letters)
    return ""
