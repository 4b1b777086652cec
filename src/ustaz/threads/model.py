"""What a thread is: lines of a ledger, read into messages, readers and state."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Final

from ustaz.base.errors import KnownError
from ustaz.messages import N_
from ustaz.threads.anchor import Anchor, anchor_in

#: What a thread is for; ``access.py`` says who reads and answers each.
KINDS: Final = ("two", "group", "staff", "concern", "help", "announcement", "remark", "peer")
THREAD_ID: Final = re.compile(r"[0-9a-f]{12}\Z")
MESSAGE_ID: Final = re.compile(r"[0-9a-f]{12,32}\Z")
FEWEST, MOST, MOST_TITLE = 10, 2000, 80
#: Messages of one thread.
MOST_MESSAGES: Final = 1000
#: How long a message can be taken back that nobody has read.
UNDO: Final = dt.timedelta(minutes=10)
_CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


class ThreadError(KnownError):
    """Nothing was sent or changed, and the id says why."""

    texts: ClassVar[Mapping[str, tuple[str, str]]] = {
        "message_short": (
            N_("Nothing is sent yet: a message needs at least ten characters."),
            N_("What you wrote stands below. Add a few words and send it again."),
        ),
        "message_long": (
            N_("Nothing is sent yet: the message is too long."),
            N_("What you wrote stands below. Shorten it, or send it in two parts."),
        ),
        "message_signs": (
            N_("Nothing is sent: the text holds signs that cannot be shown."),
            N_("Type it once more, or paste it as plain text."),
        ),
        "message_title": (
            N_("Nothing is sent yet: an announcement needs a title of at most 80 characters."),
            N_("What you wrote stands below."),
        ),
        "message_day": (
            N_("Nothing is sent yet: the last day must be between today and a year from now."),
            N_("What you wrote stands below."),
        ),
        "message_nobody": (
            N_("You cannot write to them here. Nothing was sent."),
            N_("Choose somebody from the list. What you wrote stands below."),
        ),
        "message_many": (
            N_("This conversation is full. Nothing was sent."),
            N_("Begin a new one. What you wrote stands below."),
        ),
        "message_read": (
            N_("It can no longer be taken back: somebody has read it, or ten minutes are over."),
            N_("You can write another message that corrects it."),
        ),
        "remark_place": (
            N_("Nothing is sent: this answer cannot be commented on here any more."),
            N_("Choose another answer. What you wrote stands below."),
        ),
        "message_closed": (
            N_("Nothing can be written here any more. Nothing was sent."),
            N_("Begin a new message from the page “Messages”. What you wrote stands below."),
        ),
    }


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `text` is empty where it was taken back or its author was erased."""

    id: str
    by: str
    at: str
    text: str
    taken_back: str = ""
    erased: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """A conversation or an announcement.

    Attributes
    ----------
    id, kind, by, at : str
    people : tuple of str
        Who it is between, where it is between persons; whose work a ``peer`` one is about.
    target : str
        The name of a group or school; ``all`` for everybody.
    scope : str
        Of an announcement: ``all``, ``group`` or ``school``; of a ``peer`` one the workbook.
    title : str
    until : date or None
        The last day of an announcement.
    messages : tuple of Message
    seen : mapping
        By person: how many messages they have opened.
    handed_on : tuple of (str, str, int)
        Who handed it on to staff, when, and how many messages stood there: staff read what follows.
    ended : str
        When an announcement was taken back.
    dismissed : frozenset of str
        Who put an announcement away.
    anchor : Anchor or None
        Beside which answer it stands, where it is a remark.
    settled : tuple of str
        Who marked a remark as dealt with, and when; empty where it is open.
    """

    id: str
    kind: str
    by: str
    at: str
    people: tuple[str, ...] = ()
    target: str = ""
    scope: str = ""
    title: str = ""
    until: dt.date | None = None
    messages: tuple[Message, ...] = ()
    seen: Mapping[str, int] = field(default_factory=dict)
    handed_on: tuple[tuple[str, str, int], ...] = ()
    ended: str = ""
    dismissed: frozenset[str] = frozenset()
    anchor: Anchor | None = None
    settled: tuple[str, ...] = ()

    @property
    def last_at(self) -> str:
        """Return when something was written last."""
        return self.messages[-1].at if self.messages else self.at

    def unread(self, person: str, since: int = 0) -> int:
        """Return how many messages of others somebody has not opened, from `since` on."""
        return len(self.unopened(person, since))

    def unopened(self, person: str, since: int = 0) -> list[Message]:
        """Return the messages of others that somebody has not opened, from `since` on."""
        start = max(self.seen.get(person, 0), since)
        return [
            message for message in self.messages[start:] if message.by != person and message.text
        ]

    def readers_of(self, number: int) -> list[str]:
        """Return who has opened the message of that number, its author left out."""
        author = self.messages[number].by
        return [who for who, seen in self.seen.items() if seen > number and who != author]


def checked(text: str) -> str:
    """Return a message as it is kept.

    Raises
    ------
    ThreadError
        ``message_short``, ``message_long``, ``message_signs``.
    """
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _CONTROL.search(plain):
        raise ThreadError("message_signs")
    if len("".join(plain.split())) < FEWEST:
        raise ThreadError("message_short")
    if len(plain) > MOST:
        raise ThreadError("message_long")
    return plain


def checked_title(text: str) -> str:
    """Return the title of an announcement in one line; raise ``message_title``."""
    line = unicodedata.normalize("NFC", " ".join(text.split()))
    if not line or len(line) > MOST_TITLE or not line.isprintable():
        raise ThreadError("message_title")
    return line


def thread_in(id: str, lines: Iterable[Mapping[str, Any]]) -> Thread | None:
    """Return what the lines of a thread come to; None where its beginning cannot be read."""
    thread: Thread | None = None
    messages: dict[str, Message] = {}
    seen: dict[str, int] = {}
    for line in lines:
        act, by, at = (str(line.get(key, "")) for key in ("do", "by", "at"))
        if thread is None:
            thread = _begun(id, line) if act == "begin" else None
        elif act == "say":
            message = _message(line)
            if message is not None:
                messages.setdefault(message.id, message)
        elif act == "read" and type(line.get("seen")) is int:
            seen[by] = max(seen.get(by, 0), line["seen"])
        elif act == "hand_on" and type(line.get("from")) is int:
            thread = replace(thread, handed_on=(*thread.handed_on, (by, at, line["from"])))
        elif act == "end":
            thread = replace(thread, ended=at or "-")
        elif act == "dismiss":
            thread = replace(thread, dismissed=thread.dismissed | {by})
        elif act in ("settle", "reopen"):
            thread = replace(thread, settled=(by, at) if act == "settle" else ())
    if thread is None:
        return None
    return replace(thread, messages=tuple(messages.values()), seen=seen)


def _message(line: Mapping[str, Any]) -> Message | None:
    texts = [line.get(key, "") for key in ("id", "by", "at", "text", "back")]
    if not all(isinstance(text, str) for text in texts) or not MESSAGE_ID.match(texts[0]):
        return None
    id, by, at, text, back = texts
    return Message(id, by, at, text, taken_back=back, erased=line.get("erased") is True)


def _begun(id: str, line: Mapping[str, Any]) -> Thread | None:
    texts = {key: line.get(key, "") for key in ("kind", "by", "at", "target", "scope", "title")}
    people, until = line.get("people", []), line.get("until")
    if not all(isinstance(text, str) for text in texts.values()) or texts["kind"] not in KINDS:
        return None
    if not isinstance(people, list) or not all(isinstance(person, str) for person in people):
        return None
    anchor = anchor_in(line)
    if texts["kind"] == "two" and len(people) != 2:
        return None
    if texts["kind"] == "peer" and not (len(people) == 1 and texts["target"] and texts["scope"]):
        return None
    if texts["kind"] == "remark" and (anchor is None or len(people) != 1):
        return None
    try:
        last = dt.date.fromisoformat(until) if isinstance(until, str) else None
    except ValueError:
        return None
    return Thread(id, **texts, people=tuple(people), until=last, anchor=anchor)
