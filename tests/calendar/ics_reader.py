"""A strict little reader of iCalendar files (RFC 5545), which owes nothing to the one that writes.

It refuses lines that are too long, that end otherwise than in CRLF, text that is not escaped,
components that are not closed, and a time whose zone the file does not explain.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field

_NAME = re.compile(r"([A-Z0-9-]+)((?:;[A-Z0-9-]+=(?:\"[^\"]*\"|[^\";:,]*))*):(.*)\Z", re.DOTALL)
_OFFSET = re.compile(r"([+-])(\d\d)(\d\d)\Z")


@dataclass
class Component:
    name: str
    lines: list[tuple[str, dict[str, str], str]] = field(default_factory=list)
    parts: list[Component] = field(default_factory=list)

    def value(self, name: str) -> str:
        values = [value for known, _, value in self.lines if known == name]
        assert len(values) == 1, (self.name, name, values)
        return values[0]

    def has(self, name: str) -> bool:
        return any(known == name for known, _, _ in self.lines)

    def text(self, name: str) -> str:
        return unescaped(self.value(name))

    def parameters(self, name: str) -> dict[str, str]:
        return next(parameters for known, parameters, _ in self.lines if known == name)

    def all(self, name: str) -> list[Component]:
        return [part for part in self.parts if part.name == name]


def unescaped(value: str) -> str:
    assert not re.search(r"(?<!\\)(?:\\\\)*[;,]", value), value
    assert re.fullmatch(r"(?:[^\\]|\\[\\;,nN])*", value), value
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)


def read(data: bytes) -> Component:
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b""), "a line ends otherwise"
    physical = data[:-2].split(b"\r\n")
    assert all(len(line) <= 75 for line in physical), "a line is longer than 75 octets"
    logical: list[bytes] = []
    for line in physical:
        if line[:1] in {b" ", b"\t"}:
            logical[-1] += line[1:]
        else:
            logical.append(line)
    stack = [Component("")]
    for line in logical:
        match = _NAME.match(line.decode("utf-8"))
        assert match, line
        name, value = match[1], match[3]
        pairs = (part.partition("=") for part in match[2].split(";")[1:])
        parameters = {key: text.strip('"') for key, _, text in pairs}
        if name == "BEGIN":
            stack.append(Component(value))
            stack[-2].parts.append(stack[-1])
        elif name == "END":
            assert stack.pop().name == value
        else:
            stack[-1].lines.append((name, parameters, value))
    (calendar,) = stack.pop().parts
    assert not stack
    assert calendar.name == "VCALENDAR"
    assert calendar.value("VERSION") == "2.0"
    return calendar


def moment(calendar: Component, event: Component, name: str) -> dt.datetime | dt.date:
    """Return a property's day, or its moment in UTC by the file's own table of zones."""
    parameters, value = event.parameters(name), event.value(name)
    if parameters.get("VALUE") == "DATE":
        return dt.date.fromisoformat(value)
    if value.endswith("Z"):
        return dt.datetime.fromisoformat(value)
    local = dt.datetime.fromisoformat(value)
    zones = [zone for zone in calendar.all("VTIMEZONE") if zone.text("TZID") == parameters["TZID"]]
    assert len(zones) == 1
    starts: list[tuple[dt.datetime, str]] = []
    for part in zones[0].parts:
        assert not part.has("RRULE"), "the reader knows no rules"
        days = [part.value("DTSTART")]
        days += [
            day for known, _, value in part.lines if known == "RDATE" for day in value.split(",")
        ]
        starts += [(dt.datetime.fromisoformat(day), part.value("TZOFFSETTO")) for day in days]
    offset = max(start for start in starts if start[0] <= local)[1]
    match = _OFFSET.match(offset)
    assert match
    sign = 1 if match[1] == "+" else -1
    return (local - sign * dt.timedelta(hours=int(match[2]), minutes=int(match[3]))).replace(
        tzinfo=dt.UTC
    )
