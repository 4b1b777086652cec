"""The story line as HTML: an SVG, its legend, and the same as a list by date.

The picture is hidden from screen readers, which read the list; kinds differ by the form of their
mark and not by colour alone. Style: ``pictures.css`` of the front end. Everything that a person
wrote is escaped, and stands in ``<bdi>``.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from ustaz.messages import N_, long_date, short_month, translator
from ustaz.messages import format as fill_in
from ustaz.storyline.events import Event, in_order
from ustaz.storyline.layout import HEAD, LANES, NAME, WIDTH, Lane, Mark, Picture, layout

KIND_NAMES: Final = {
    "concern": N_("Concern"),
    "meeting": N_("Meeting"),
    "event": N_("Network event"),
    "consultation": N_("Talk"),
    "step": N_("Step {number}"),
    "entry": N_("Entry in the record"),
    "evidence": N_("Evidence"),
    "review": N_("Review"),
    "round": N_("Submitted"),
}
LANE_NAMES: Final = {
    "path": N_("Concern, reviews, what was submitted"),
    "steps": N_("Steps of the plan"),
    "talks": N_("Talks"),
    "evidence": N_("Evidence"),
    "record": N_("Record of participation"),
    "meetings": N_("Meetings"),
}
STATE_NAMES: Final = {
    "open": N_("planned"),
    "begun": N_("has begun"),
    "late": N_("its day has passed"),
    "done": N_("done"),
    "changed": N_("changed"),
    "dropped": N_("dropped"),
}
#: Forms of marks around (0, 0).
FORMS: Final = {
    "concern": '<path d="M0-8L8 0L0 8L-8 0z"/>',
    "review": '<path d="M-4-7H4L8 0L4 7H-4L-8 0z"/>',
    "round": '<path d="M0-7L7 6H-7z"/>',
    "consultation": '<circle r="6.5"/>',
    "evidence": '<path d="M-6-6H6V6H-6z"/>',
    "entry": '<circle r="5.5"/>',
    "meeting": '<path d="M-3-7H3V7H-3z"/>',
    "event": '<path d="M-3-7H3V-3H7V3H3V7H-3V3H-7V-3H-3z"/>',
}
#: Marks that are an outline alone.
HOLLOW: Final = frozenset({"entry"})
LONGEST: Final = 160
Address = Callable[[Event], str]
#: Of a picture in a file, which has no style sheet beside it: what ``pictures.css`` says, on paper.
PAPER_STYLE: Final = """
text { font-family: "Libertinus Serif", serif; fill: #1d2129; }
.uz-story-month { font-size: 12px; fill: #565e6c; }
.uz-story-lane { font-size: 12.5px; font-weight: 600; }
.uz-story-rule { stroke: #cdd2da; fill: none; }
.uz-story-today { stroke: #9a4d00; stroke-width: 2; stroke-dasharray: 5 3; fill: none; }
.uz-story-mark { fill: #1a5fb4; stroke: #ffffff; }
.uz-story-mark--concern, .uz-story-mark--review { fill: #9a4d00; }
.uz-story-mark--meeting { fill: #565e6c; }
.uz-story-hollow { fill: #ffffff; stroke: #1a5fb4; stroke-width: 2.5; }
.uz-story-bar rect { fill: #ffffff; stroke: #1a5fb4; stroke-width: 1.5; }
.uz-story-bar text { font-size: 11px; font-weight: 700; }
.uz-story-sign { fill: none; stroke: #1d2129; stroke-width: 2; stroke-linecap: round; }
.uz-story-step--done rect { fill: #1a5fb4; }
.uz-story-step--done text { fill: #ffffff; }
.uz-story-step--done .uz-story-sign { stroke: #ffffff; }
.uz-story-step--late rect { stroke: #9a4d00; stroke-width: 2.5; }
.uz-story-step--changed rect { stroke-dasharray: 2 2; }
.uz-story-step--dropped rect { stroke: #565e6c; stroke-dasharray: 6 3; }
.uz-story-legend ul { list-style: none; padding: 0; }
.uz-story-legend svg { inline-size: 1.6em; block-size: 1.1em; vertical-align: middle; }
"""


@dataclass(frozen=True, slots=True)
class _Words:
    """Our own words in the reader's language; everything is returned escaped."""

    lang: str

    def t(self, message: str, **params: object) -> str:
        return html.escape(fill_in(translator(self.lang).gettext(message), **params))

    def day(self, day: dt.date) -> str:
        return f'<time datetime="{day}">{html.escape(long_date(day, self.lang))}</time>'

    def kind(self, event: Event) -> str:
        if event.kind == "round" and event.number > 1:
            return self.t(N_("Submission {n}"), n=event.number)
        return self.t(KIND_NAMES[event.kind], number=event.number)

    def own(self, text: str) -> str:
        """Return what somebody wrote, short enough for a line."""
        return f"<bdi>{html.escape(_short(text))}</bdi>"

    def what(self, event: Event) -> str:
        """Return what happened, in one line."""
        if event.text:
            return self.own(event.text)
        return html.escape(event.title)

    def state(self, event: Event) -> str:
        """Return how a step stands."""
        if event.done is not None:
            when = long_date(event.done, self.lang)
            return self.t(N_("Done on {when}."), when=when)
        return self.t(
            {
                "done": N_("Done."),
                "begun": N_("It has begun."),
                "late": N_("Its day has passed."),
                "changed": N_("It was changed."),
                "dropped": N_("It was dropped."),
            }.get(event.state, N_("Still to come."))
        )


def drawn(
    events: Sequence[Event],
    *,
    start: dt.date,
    end: dt.date,
    today: dt.date,
    lang: str,
    address: Address | None = None,
    page: bool = False,
) -> str:
    """Return the picture with its list as HTML.

    Parameters
    ----------
    events : sequence of Event
        What the reader may see.
    start, end : date
        Of the programme.
    today : date
    lang : str
        The reader's language.
    address : callable, optional
        Where an event can be read whole; empty where that is nowhere.
    page : bool
        Whether it has the page for itself: kinds can be left out there, the picture made larger,
        and the list stands open.
    """
    words = _Words(lang)
    if not events:
        return f'<p class="uz-none">{words.t(N_("Nothing has happened yet that has a day."))}</p>'
    picture = layout(events, start, end, today)
    name = words.t(N_("The story of the project, from month to month"))
    items = "".join(_line(event, words, address) for event in in_order(events))
    by_date = f'<ol class="uz-story-list">{items}</ol>'
    if not page:
        summary = words.t(N_("The same as a list, by date"))
        by_date = f"<details><summary>{summary}</summary>{by_date}</details>"
    larger = (
        f'<label class="uz-story-larger"><input type="checkbox" autocomplete="off"> '
        f"{words.t(N_('Larger'))}</label>"
        if page
        else ""
    )
    return (
        f'<figure class="uz-story">{larger}'
        f'<div class="uz-story-view" tabindex="0" role="group" aria-label="{name}">'
        f"{_svg(picture, words)}</div>{_legend(picture, words, page)}{by_date}</figure>"
    )


def svg_file(
    events: Sequence[Event], *, start: dt.date, end: dt.date, today: dt.date, lang: str
) -> bytes:
    """Return the picture alone, with its style in it, for a file that is carried away."""
    picture = layout(events, start, end, today)
    body = _svg(picture, _Words(lang)).partition(">")[2]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{picture.height:g}" '
        f'viewBox="0 0 {WIDTH} {picture.height:g}"><style>{PAPER_STYLE}</style>{body}'
    ).encode()


def lines(events: Sequence[Event], lang: str) -> list[tuple[Event, str, str]]:
    """Return each event by date with its kind, and how it stands, in words, unescaped."""
    words = _Words(lang)
    return [
        (event, html.unescape(words.kind(event)), _state_words(event, words))
        for event in in_order(events)
    ]


def _state_words(event: Event, words: _Words) -> str:
    return html.unescape(words.state(event)) if event.state else ""


def planned_and_happened(
    events: Sequence[Event], *, today: dt.date, lang: str, address: Address | None = None
) -> str:
    """Return the steps of the plan with what became of each, as HTML; nothing without steps."""
    words = _Words(lang)
    steps = [event for event in in_order(events) if event.kind == "step"]
    items = "".join(_step(event, today, words, address) for event in steps)
    if not items:
        return ""
    title = words.t(N_("What you planned, and what happened"))
    return f'<div class="uz-story-steps"><p class="uz-label">{title}</p><ol>{items}</ol></div>'


def _step(event: Event, today: dt.date, words: _Words, address: Address | None) -> str:
    planned = words.t(N_("Planned by {when}."), when=long_date(event.day, words.lang))
    if event.state == "late":
        asked = words.t(N_("And what happened?"))
        url = address(event) if address else ""
        became = f'<a href="{html.escape(url)}">{asked}</a>' if url else asked
        became = f"<strong>{became}</strong>"
    elif event.state in ("open", "begun") and event.day < today:
        became = f"<strong>{words.t(N_('And what happened?'))}</strong>"
    else:
        became = words.state(event)
    note = f" {words.own(event.note)}" if event.note else ""
    what = words.what(event) or words.t(N_("A step without words"))
    return (
        f'<li class="uz-story-step--{event.state}" value="{event.number}">{what}<br>'
        f'<span class="uz-story-quiet">{planned}</span> {became}{note}</li>'
    )


# -- the list -------------------------------------------------------------------------------------
def _line(event: Event, words: _Words, address: Address | None) -> str:
    what = words.what(event)
    if event.kind == "step":
        what = what or words.t(N_("A step without words"))
    url = address(event) if address else ""
    if url and what:
        what = f'<a href="{html.escape(url)}">{what}</a>'
    state = f' <span class="uz-story-quiet">{words.state(event)}</span>' if event.state else ""
    return (
        f'<li data-lane="{_lane_of(event)}">{words.day(event.day)} '
        f"<strong>{words.kind(event)}:</strong> {what}{state}</li>"
    )


def _lane_of(event: Event) -> str:
    return next(name for name, kinds in LANES.items() if event.kind in kinds)


def _short(text: str) -> str:
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    return line[:LONGEST].rpartition(" ")[0] + " …"


# -- the picture ----------------------------------------------------------------------------------
def _svg(picture: Picture, words: _Words) -> str:
    months = "".join(_month(picture, at, words) for at in range(len(picture.months)))
    lanes = "".join(_lane(lane, words) for lane in picture.lanes)
    today = ""
    if picture.today is not None:
        today = (
            f'<path class="uz-story-today" d="M{picture.today:g} {HEAD - 6}V{picture.height:g}">'
            f"<title>{words.t(N_('Today'))}</title></path>"
        )
    return (
        f'<svg viewBox="0 0 {WIDTH} {picture.height:g}" aria-hidden="true" focusable="false">'
        f"{months}{today}{lanes}</svg>"
    )


def _month(picture: Picture, at: int, words: _Words) -> str:
    month, x = picture.months[at]
    every = 1 + len(picture.months) // 13
    label = ""
    if at % every == 0:
        name = html.escape(short_month(month, words.lang))
        year = f" {month.year}" if month.month == 1 or at == 0 else ""
        label = f'<text class="uz-story-month" x="{x + 3:g}" y="14">{name}{year}</text>'
    return f'<path class="uz-story-rule" d="M{x:g} 2V{picture.height:g}"/>{label}'


def _lane(lane: Lane, words: _Words) -> str:
    more = f" (+{lane.more})" if lane.more else ""
    name = f"{words.t(LANE_NAMES[lane.name])}{more}"
    marks = "".join(_mark(mark, words) for mark in lane.marks)
    return (
        f'<g data-lane="{lane.name}"><path class="uz-story-rule" d="M0 {lane.top:g}H{WIDTH}"/>'
        f'<text class="uz-story-lane" x="3" y="{lane.top + NAME - 5:g}">{name}</text>{marks}</g>'
    )


def _mark(mark: Mark, words: _Words) -> str:
    event = mark.event
    when = html.escape(long_date(event.day, words.lang))
    what = html.escape(_short(event.text) or event.title)
    title = f"<title>{when}. {words.kind(event)}: {what}</title>"
    if event.kind == "step":
        return f'<g class="uz-story-bar uz-story-step--{event.state}">{title}{_bar(mark)}</g>'
    return (
        f'<g class="{_classes(event.kind)}" transform="translate({mark.x:g} {mark.y:g})">'
        f"{title}{FORMS[event.kind]}</g>"
    )


def _classes(kind: str) -> str:
    hollow = " uz-story-hollow" if kind in HOLLOW else ""
    return f"uz-story-mark uz-story-mark--{kind}{hollow}"


def _bar(mark: Mark) -> str:
    """Return the bar of a step: its number, and a sign of how it stands at its end."""
    left, width, y = mark.left + 1, mark.right - mark.left - 2, mark.y
    end = mark.right - 8
    sign = {
        "done": f'<path class="uz-story-sign" d="M{end - 3:g} {y:g}l3 3l4-6"/>',
        "begun": f'<path class="uz-story-sign" d="M{end - 3:g} {y:g}h6"/>',
        "late": f'<path class="uz-story-sign" d="M{end:g} {y - 5:g}v6m0 3v1.5"/>',
        "dropped": f'<path class="uz-story-sign" d="M{end - 3:g} {y - 3:g}l6 6m0-6l-6 6"/>',
    }.get(mark.event.state, "")
    return (
        f'<rect x="{left:g}" y="{y - 8:g}" width="{width:g}" height="16" rx="4"/>'
        f'<text x="{left + 4:g}" y="{y + 4:g}">{mark.event.number or ""}</text>{sign}'
    )


def _legend(picture: Picture, words: _Words, page: bool) -> str:
    """Return which form means what; where it has the page for itself, lanes are chosen here."""
    entries = []
    for lane in picture.lanes:
        kinds = [kind for kind in LANES[lane.name] if any(m.event.kind == kind for m in lane.marks)]
        forms = "".join(_form(kind) for kind in kinds if kind != "step")
        names = words.t(LANE_NAMES[lane.name])
        if lane.name == "steps":
            states = dict.fromkeys(mark.event.state for mark in lane.marks)
            forms = "".join(
                f"{_state(state)}<span>{words.t(STATE_NAMES[state])}</span> " for state in states
            )
            names += ":"
        elif len(kinds) > 1:
            forms = "".join(
                f"{_form(kind)}<span>{words.t(KIND_NAMES[kind])}</span> " for kind in kinds
            )
            names = ""
        choose = (
            f'<input type="checkbox" checked autocomplete="off" data-shows="{lane.name}"> '
            if page
            else ""
        )
        tag = "label" if page else "span"
        # A name of its own box wraps beside its form, not below it.
        named = f'<span class="uz-story-meaning">{names}</span>' if names else ""
        order = f"{names} {forms}" if lane.name == "steps" else f"{forms}{named}"
        entries.append(f"<li><{tag}>{choose}{order}</{tag}></li>")
    heading = f"<p>{words.t(N_('What is shown'))}</p>" if page else ""
    return f'<div class="uz-story-legend">{heading}<ul>{"".join(entries)}</ul></div>'


def _form(kind: str) -> str:
    return (
        f'<svg viewBox="-9 -9 18 18" class="{_classes(kind)}" aria-hidden="true" '
        f'focusable="false">{FORMS[kind]}</svg>'
    )


def _state(state: str) -> str:
    mark = Mark(Event("step", dt.date.min, state=state), 0, 30, 9)
    return (
        f'<svg viewBox="0 0 30 18" class="uz-story-bar uz-story-step--{state}" '
        f'aria-hidden="true" focusable="false">{_bar(mark)}</svg>'
    )
