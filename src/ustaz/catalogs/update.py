"""Writing templates and catalogues: the same sources give the same bytes.

No dates and no line numbers go into the files, so that a change in one text changes one entry.
Translations are kept. A text that changed a little takes its old translation along, marked fuzzy;
whatever a native reader has not signed off carries the comment ``# draft``.
"""

from __future__ import annotations

import ast
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import escape, read_po, write_po

from ustaz.catalogs.extract import Source, sources, wanted
from ustaz.messages._catalogs import DOMAINS, LANGUAGES, catalog_path, entry
from ustaz.messages._plurals import PLURALS

DRAFT: Final = "draft"
NAMES: Final = {"en": "English", "ru": "Russian", "kk": "Kazakh"}
TITLES: Final = {
    "ustaz": "pages, components and command line",
    "workbooks": "texts of the workbooks",
}


def template_of(texts: Iterable[Source], domain: str) -> Catalog:
    """Return the template of a domain: each text once, with the files that use it."""
    template = Catalog(domain=domain)
    plurals: dict[str, str] = {}
    for source in texts:
        if source.plural is not None:
            plurals.setdefault(source.singular, source.plural)
    for source in texts:
        other = plurals.get(source.singular)
        key: str | tuple[str, str] = (source.singular, other) if other else source.singular
        known = template.get(source.singular)
        comments = [source.comment] if source.comment else []
        if known is None:
            template.add(key, locations=[(source.file, 0)], auto_comments=comments)
            continue
        if (source.file, 0) not in known.locations:
            known.locations.append((source.file, 0))
        known.auto_comments.extend(
            comment for comment in comments if comment not in known.auto_comments
        )
    return template


def read_catalog(path: Path, lang: str, domain: str) -> Catalog:
    """Read a catalogue; an empty one where there is no file yet."""
    if not path.is_file():
        return Catalog(locale=lang, domain=domain)
    return parsed(path.read_bytes(), lang, domain)


def parsed(content: bytes, lang: str, domain: str) -> Catalog:
    """Read the content of a catalogue."""
    catalog = read_po(io.BytesIO(content), locale=lang, domain=domain)
    for message in catalog:
        _read_previous(message)
    return catalog


def _read_previous(message: Message) -> None:
    """Take the text of before (``#| msgid "…"``), which Babel reads as a comment, for what it is.

    A part of it that cannot be read is forgotten: it helps a translator, and nothing else.
    """
    lines = [comment for comment in message.user_comments if comment.startswith("|")]
    if not lines:
        return
    first, last = message.user_comments.index(lines[0]), message.user_comments.index(lines[-1])
    del message.user_comments[first : last + 1]  # an earlier version wrapped them without a sign
    previous = []
    for line in lines:
        _, _, quoted = line.removeprefix("|").strip().partition(" ")
        try:
            previous.append(str(ast.literal_eval(quoted)))
        except (SyntaxError, ValueError):
            return
    message.previous_id = previous


def merge(old: Catalog, template: Catalog, *, prune: bool = False) -> Catalog:
    """Return `old` brought up to `template`: same entries, same order, translations kept."""
    merged = Catalog(locale=old.locale, domain=old.domain)
    for message in template:
        if message.id:
            merged[message.id] = _copy(message)
    before = {entry(message)[0]: message for message in old if message.id}
    retired = {entry(message)[0]: message for message in old.obsolete.values() if message.id}
    free = {key: message for key, message in before.items() if merged.get(key) is None}
    for message in merged:
        if not message.id:
            continue
        key = entry(message)[0]
        source = before.get(key) or retired.pop(key, None)
        if source is not None and source.pluralizable == message.pluralizable:
            message.string = source.string
            message.user_comments = list(source.user_comments)
            message.flags |= {"fuzzy"} & source.flags
            if source.fuzzy:  # else it was read again since
                message.previous_id = source.previous_id
            continue
        message.user_comments = [DRAFT]
        near = _nearest(key, message, free)
        if near is not None:
            message.string = near.string
            message.previous_id = [near.id] if isinstance(near.id, str) else list(near.id)
            message.flags.add("fuzzy")
    if not prune:
        for message in [*retired.values(), *free.values()]:
            if any(entry(message)[1]):
                merged.obsolete[entry(message)[0]] = message
    return merged


def _copy(message: Message) -> Message:
    return Message(
        message.id,
        locations=list(message.locations),
        auto_comments=list(message.auto_comments),
        flags=message.flags - {"fuzzy"},
    )


def _nearest(key: str, message: Message, free: dict[str, Message]) -> Message | None:
    from difflib import SequenceMatcher

    best, score = None, 0.75
    for old, candidate in free.items():
        if candidate.pluralizable != message.pluralizable or not all(entry(candidate)[1]):
            continue
        matcher = SequenceMatcher(None, key, old, autojunk=False)
        if matcher.real_quick_ratio() > score and matcher.quick_ratio() > score:
            ratio = matcher.ratio()
            if ratio > score:
                best, score = candidate, ratio
    return best


def render(catalog: Catalog, domain: str, lang: str | None = None) -> bytes:
    """Return the bytes of a catalogue, or of a template when `lang` is None."""
    buffer = io.BytesIO()
    write_po(
        buffer,
        catalog,
        width=96,
        omit_header=True,
        include_lineno=False,
    )
    text = _with_previous(buffer.getvalue().decode(), catalog)
    return (_header(domain, lang) + text).rstrip().encode() + b"\n"


def _with_previous(text: str, catalog: Catalog) -> str:
    """Put the texts of before into a catalogue: Babel wraps them into what no program can read."""
    blocks = text.split("\n\n")
    for number, message in enumerate(message for message in catalog if message.id):
        if message.previous_id:
            keys = ("msgid", "msgid_plural")
            lines = [
                f"#| {key} {escape(before)}\n"
                for key, before in zip(keys, message.previous_id, strict=False)
            ]
            head, sign, rest = f"\n{blocks[number]}".partition("\nmsgid ")
            blocks[number] = f"{head}\n{''.join(lines)}{sign[1:]}{rest}"[1:]
    return "\n\n".join(blocks)


def _header(domain: str, lang: str | None) -> str:
    page = domain.removeprefix("book/")
    title = f"Ustaz: {TITLES.get(domain, f'the book, {page}')}"
    if lang is None:
        about = [title, "Made by `make messages` or `ustaz workbook messages`; do not edit."]
    else:
        about = [
            f"{title}, {NAMES[lang]}",
            'An entry marked "draft" waits for a native reader; see docs/translating.md.',
        ]
    fields = [
        "Project-Id-Version: ustaz",
        *([f"Language: {lang}"] if lang else []),
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        *([f"Plural-Forms: {PLURALS[lang].header}"] if lang else []),
    ]
    lines = [*(f"# {line}" for line in about), 'msgid ""', 'msgstr ""']
    return "\n".join([*lines, *(f'"{field}\\n"' for field in fields)]) + "\n\n"


def rendered(root: Path, *, prune: bool = False) -> dict[Path, bytes]:
    """Return every file that an update writes, with its bytes."""
    texts = sources(root)
    files: dict[Path, bytes] = {}
    for domain in DOMAINS:
        files |= rendered_domain(texts[domain], domain, root / "locale", prune=prune)
    return files


def rendered_domain(
    texts: Iterable[Source],
    domain: str,
    locale: Path,
    *,
    prune: bool = False,
    languages: Iterable[str] = LANGUAGES,
) -> dict[Path, bytes]:
    """Return the files of one domain, with their bytes."""
    texts = list(texts)
    files = {locale / f"{domain}.pot": render(template_of(texts, domain), domain)}
    for lang in languages:
        own = wanted(texts, lang)
        if own is None:
            continue
        template = template_of(own, domain)
        path = catalog_path(lang, domain, locale)
        merged = merge(read_catalog(path, lang, domain), template, prune=prune)
        files[path] = render(merged, domain, lang)
    return files


def update(root: Path, *, prune: bool = False) -> list[Path]:
    """Bring all files up to date; return those that changed."""
    return write(rendered(root, prune=prune))


def write(files: Mapping[Path, bytes]) -> list[Path]:
    """Write files; return those that changed."""
    changed = []
    for path, content in files.items():
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            changed.append(path)
    return changed
