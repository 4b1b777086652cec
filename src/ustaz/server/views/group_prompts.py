"""Prompts for a meeting out of the group's own answers: who is stuck, and who may talk to whom.

Three plain rules, each of which shows what it goes by: a sentence on what the work is stuck on; at
least two words that two people alone share; a step past its day where somebody else has done a step
of the same kind. Only answers that the definition opens to facilitators are looked at. Nothing is
counted or ranked: people and pairs stand in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations
from typing import Any, Final

from ustaz.answers import StoreError
from ustaz.book.search.stems import stemmer, words_of
from ustaz.course.identity import Identity
from ustaz.roster import by_name
from ustaz.roster.people import Person
from ustaz.server.access import members
from ustaz.server.i18n import Words
from ustaz.server.site import Site
from ustaz.server.views.homes import year
from ustaz.server.views.records import record
from ustaz.threads.anchor import quote_of
from ustaz.workbook import Definition, planned_rows, project
from ustaz.workbook.serialize import localized

FOCUS: Final = "focus"
PLAN: Final = "action-plan"
REVIEW: Final = "half-way-review"
#: What is compared: the concern, and the focus that came of it.
COMPARED: Final = ("concern_raw", "focus_statement")
STUCK: Final = "stuck_on"
#: A word says something where so many people use it at most, and two such words make a pair.
MOST_USERS: Final = 3
SHARED: Final = 2
SHORTEST: Final = 4
#: Shown of them; more say nothing more.
MOST_WORDS: Final = 5
#: So many are named who could tell how they did it.
MOST_HELPERS: Final = 2
#: Words of a language that say nothing by themselves, by their stems as written here.
EMPTY: Final[dict[str, str]] = {
    "en": "about after again also always because been before being both could does each every from"
    " have into just like make many more most much never often only other over really should some"
    " such than that their them then there these they this those through until very want were what"
    " when where which while will with without would your child children class develop grade learn"
    " lesson pupil pupils school skill student students teach teacher time week work year",
    "ru": "более больше будет была были было быть весь всегда всего вроде время всех даже если есть"
    " ещё иногда каждый как когда которая которые который лишь может можно наши него нужно однако"
    " один опять очень перед после потому почти просто пусть разве сами свои себя сейчас сколько"
    " совсем сразу такие также такой только тоже того хотя хочу чаще через чтобы этого этом ваши"
    " время дети детей задание класс классе которым могут навык неделю работа развить ребёнок"
    " самим своими смотрят урок уроках ученик ученики учеников учитель хорошо школа",
    "kk": "және бірақ болып болған болса барлық бойынша бірге бәрі деген дейін деп емес енді екен"
    " ешкім ешқандай әрбір әр жоқ келеді кейін керек күні қазір қалай қандай қайта мен менің мұны"
    " айтады апта бала балалар баланың дағды дағдысын дамытқым деймін ғана жатқан жатқанда жазып"
    " жауап жұмыс келген келді көрдім мектеп мұғалім оқушы оқушылар оқушылары қалған сабақ сабақта"
    " сыныпта сынып тапсырма тапсырманы уақыт арқылы негізгі немесе"
    " оның олар осы сонда сондай сияқты туралы тағы үшін үлкен өзі өздері өте өзім",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What a prompt goes by: whose words, where they stand, and how they begin."""

    person: Person
    title: str
    url: str
    quote: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """Something that a meeting could begin with.

    Attributes
    ----------
    sources : tuple of Source
    words : tuple of str
        That both use.
    kind : str
        Which step both have, in words.
    """

    sources: tuple[Source, ...]
    words: tuple[str, ...] = ()
    kind: str = ""


@dataclass(slots=True)
class Prompts:
    """The prompts of a group, by their rule."""

    stuck: list[Prompt] = field(default_factory=list)
    similar: list[Prompt] = field(default_factory=list)
    complementary: list[Prompt] = field(default_factory=list)

    def __bool__(self) -> bool:
        """Tell whether there is any."""
        return bool(self.stuck or self.similar or self.complementary)


@dataclass(frozen=True, slots=True)
class _Step:
    text: str
    strand: str


@dataclass(slots=True)
class _Member:
    person: Person
    sources: dict[str, Source] = field(default_factory=dict)
    lang: str = ""
    stems: dict[str, str] = field(default_factory=dict)
    late: list[_Step] = field(default_factory=list)
    done: list[_Step] = field(default_factory=list)


def prompts(site: Site, who: Identity, group: str, words: Words) -> Prompts:
    """Return the prompts of one group of a facilitator."""
    known = [
        _member(site, person, words)
        for person in by_name(members(site.course, who))
        if group in person.groups and person.status == "active"
    ]
    return Prompts(
        stuck=[Prompt((member.sources[REVIEW],)) for member in known if REVIEW in member.sources],
        similar=list(similar(known)),
        complementary=list(_complementary(known, site, words)),
    )


# -- what is known of a member --------------------------------------------------------------------
def _member(site: Site, person: Person, words: Words) -> _Member:
    member = _Member(person)
    for workbook in year(site.course):
        if workbook not in (FOCUS, PLAN, REVIEW):
            continue
        own = record(site, person.person, workbook, "facilitator")
        try:
            seen = project(own.definition, own.document.answers, "facilitator")["answers"]
        except StoreError:
            continue  # its owner and the course staff are told
        title = words.plain(own.definition.title)
        url = site.url("people", person.person, workbook)
        if workbook == REVIEW and seen.get(STUCK):
            member.sources[REVIEW] = Source(person, title, url, quote_of(str(seen[STUCK])))
        if workbook == FOCUS:
            _read_focus(member, own.definition, seen, own.document.lang)
            quote = quote_of(str(seen.get(COMPARED[1]) or seen.get(COMPARED[0]) or ""))
            member.sources[FOCUS] = Source(person, title, url, quote)
        if workbook == PLAN:
            _read_plan(member, own.definition, seen, site)
            member.sources[PLAN] = Source(person, title, url, "")
    return member


def _read_focus(
    member: _Member, definition: Definition, seen: Mapping[str, Any], lang: str
) -> None:
    member.lang = lang
    text = " ".join(str(seen.get(name) or "") for name in COMPARED)
    own = _own_words(definition, lang)
    member.stems = {
        stem: word for stem, word in telling_stems(text, lang).items() if stem not in own
    }


def _own_words(definition: Definition, lang: str) -> frozenset[str]:
    """Return the stems of what a workbook says itself: whoever repeats its words says no more."""
    texts = [
        " ".join(str(json.get(key) or "") for key in ("label", "title", "help", "guidance"))
        for section in localized(definition, lang)["sections"]
        for json in (section, *(section.get("fields") or ()))
    ]
    return frozenset(telling_stems(" ".join(texts), lang))


@cache
def _empty_stems(lang: str) -> frozenset[str]:
    stem = stemmer(lang)
    return frozenset(stem(word) for word in EMPTY[lang].split())


def telling_stems(text: str, lang: str) -> dict[str, str]:
    """Return the stems of a text that may say something, with the first word of each."""
    if lang not in EMPTY:
        return {}
    stem, empty = stemmer(lang), _empty_stems(lang)
    stems: dict[str, str] = {}
    for word in words_of(text):
        if len(word) >= SHORTEST and not word.isdigit() and stem(word) not in empty:
            stems.setdefault(stem(word), word)
    return stems


def _read_plan(
    member: _Member, definition: Definition, seen: Mapping[str, Any], site: Site
) -> None:
    strands = {str(row["id"]): str(row.get("strand") or "") for row in seen.get("steps") or ()}
    today = site.course.today()
    for row in planned_rows(definition, seen):
        step = _Step(row.text, strands.get(row.row, ""))
        if not step.strand or not step.text:
            continue
        if row.done is not None or row.status == "done":
            member.done.append(step)
        elif not row.settled and row.due < today:
            member.late.append(step)


# -- the rules ------------------------------------------------------------------------------------
def similar(known: Iterable[_Member]) -> Iterator[Prompt]:
    """Yield pairs whose concern and focus share words that few others use."""
    by_lang: dict[str, list[_Member]] = {}
    for member in known:
        if member.stems and FOCUS in member.sources:
            by_lang.setdefault(member.lang, []).append(member)
    pairs = []
    for same in by_lang.values():
        users: dict[str, int] = {}
        for member in same:
            for stem in member.stems:
                users[stem] = users.get(stem, 0) + 1
        for first, second in combinations(same, 2):
            shared = [
                first.stems[stem]
                for stem in first.stems
                if stem in second.stems and users[stem] <= MOST_USERS
            ]
            if len(shared) >= SHARED:
                both = (first.sources[FOCUS], second.sources[FOCUS])
                pairs.append(Prompt(both, words=tuple(shared[:MOST_WORDS])))
    yield from sorted(pairs, key=_names)


def _complementary(known: list[_Member], site: Site, words: Words) -> Iterator[Prompt]:
    """Yield who has a step past its day, with those who have done one of the same kind."""
    if PLAN not in site.course.library.ids:
        return
    column = site.course.library[PLAN].field("steps").column("strand")
    options = column.options if column else ()
    names = {str(option.id): words.plain(option.label) for option in options}
    for member in known:
        asked = set()
        for late in member.late:
            if late.strand in asked:
                continue
            asked.add(late.strand)
            helpers = [
                _quoted(other, step)
                for other in known
                if other is not member
                for step in [next((s for s in other.done if s.strand == late.strand), None)]
                if step is not None
            ]
            if helpers:
                sources = (_quoted(member, late), *helpers[:MOST_HELPERS])
                yield Prompt(sources, kind=names.get(late.strand, late.strand))


def _quoted(member: _Member, step: _Step) -> Source:
    source = member.sources[PLAN]
    return Source(source.person, source.title, source.url, quote_of(step.text))


def _names(prompt: Prompt) -> tuple[str, ...]:
    return tuple(source.person.name.casefold() for source in prompt.sources)
