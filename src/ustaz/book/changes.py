"""Which pages a build reads and writes again: those that something has changed for, and no others.

Sphinx goes by the time at which a file was written. A file that is put back with its old time would
be missed, and a fresh copy of the same sources would be read whole. So each page remembers what it
was made of by its content. And Sphinx writes no page again because another one has lost a heading,
a term or a source that it leads to; here each page shows what others may refer to.
"""

from __future__ import annotations

import hashlib
import time
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from ustaz.book import citations, pages, translating

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.domains.std import StandardDomain
    from sphinx.environment import BuildEnvironment

#: The digest of a page that is read again by the next build.
UNKNOWN: Final = ""


class _Clock:
    """When this process began to read, at the latest.

    Of a file that is written later nobody knows what of it has been read.
    """

    began = time.time_ns()


def begin() -> None:
    """Note that what is read from now on is as it is now."""
    _Clock.began = time.time_ns()


def outdated(
    app: Sphinx,
    env: BuildEnvironment,
    added: set[str],  # noqa: ARG001
    changed: set[str],
    removed: set[str],  # noqa: ARG001
) -> list[str]:
    """Return the pages of which a source or a translation has changed.

    Those of which only the time of a source is another one are taken from `changed`, which is
    Sphinx's own set.
    """
    digest = _digests(env)
    made_of = _made_of(env)
    anew = {name for name in env.all_docs if made_of.get(name, UNKNOWN) != digest(name)}
    whole = {name for name in changed if Path(env.doctreedir, f"{name}.doctree").is_file()}
    changed -= whole - anew - env.reread_always
    return sorted(anew | set(translating.outdated(app, env)))


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:  # noqa: ARG001
    """Forget what a page was made of, which is read again or was removed."""
    _made_of(env).pop(docname, None)


def remember(app: Sphinx, env: BuildEnvironment) -> None:  # noqa: ARG001
    """Note what the pages that were read are made of."""
    digest = _digests(env, before=_Clock.began)
    made_of = _made_of(env)
    for name in env.all_docs:
        if name not in made_of:
            made_of[name] = digest(name)


def _made_of(env: BuildEnvironment) -> dict[str, str]:
    if not hasattr(env, "ustaz_made_of"):
        env.ustaz_made_of = {}  # type: ignore[attr-defined]
    made_of: dict[str, str] = env.ustaz_made_of  # type: ignore[attr-defined]
    return made_of


def _digests(env: BuildEnvironment, before: int | None = None) -> Callable[[str], str]:
    """Return the function from a page to a digest of its sources; each file is read once.

    With `before` it is :data:`UNKNOWN` where a source was written after that time.
    """

    @cache
    def of_file(path: Path) -> bytes:
        try:
            if before is not None and path.stat().st_mtime_ns >= before:
                return b""
            return hashlib.sha256(path.read_bytes()).digest()
        except OSError:
            return b"-"

    def of_page(docname: str) -> str:
        root = Path(env.srcdir)
        paths = [root / env.doc2path(docname), *(root / name for name in env.dependencies[docname])]
        digest = hashlib.sha256()
        for path in sorted(paths):
            content = of_file(path)
            if not content:
                return UNKNOWN
            digest.update(f"{path}\0".encode())
            digest.update(content)
        return digest.hexdigest()

    return of_page


def shown_of(env: BuildEnvironment) -> dict[str, str]:
    """Return what pages show of each other, by document name.

    It is in the frame of every page, or another page may lead to it: the title, the steps, and
    headings, terms and sources with their anchors.
    """
    targets = _targets(env)
    return {
        name: repr(
            (
                page.kind,
                page.matter.id if page.matter else "",
                page.title,
                page.translated,
                page.step_ids,
                page.quiz_ids,
                str(env.titles[name]),
                str(env.longtitles[name]),
                env.toc_secnumbers.get(name),
                env.toc_fignumbers.get(name),
                sorted(targets[name]),
                citations.shown(env, name),
            )
        )
        for name, page in sorted(pages.all_of(env).items())
        if name in env.titles
    }


def _targets(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return what can be referred to, by the document name in which it stands."""
    domain = cast("StandardDomain", env.get_domain("std"))
    targets: dict[str, list[str]] = defaultdict(list)
    for (kind, name), (docname, anchor) in domain.objects.items():
        targets[docname].append(repr((kind, name, anchor)))
    for label, (docname, anchor, title) in domain.labels.items():
        targets[docname].append(repr((label, anchor, title)))
    for label, (docname, anchor) in domain.anonlabels.items():
        targets[docname].append(repr((label, anchor)))
    for docname, metadata in env.metadata.items():
        slugs = metadata.get("myst_slugs", {})
        # The line of a heading comes first, and nobody refers to that.
        targets[docname] += [repr((slug, *entry[1:])) for slug, entry in slugs.items()]
    return targets


def changed_of(env: BuildEnvironment) -> set[str] | None:
    """Return the pages of which the others show something new; None before the first build."""
    changed: set[str] | None = getattr(env, "ustaz_changed", None)
    return changed


def rewritten(app: Sphinx, env: BuildEnvironment) -> list[str]:  # noqa: ARG001
    """Return the pages to be written again because others have changed."""
    shown = shown_of(env)
    before: dict[str, str] | None = getattr(env, "ustaz_shown", None)
    env.ustaz_shown = shown  # type: ignore[attr-defined]
    env.ustaz_changed = (  # type: ignore[attr-defined]
        None
        if before is None
        else {name for name in before.keys() | shown if before.get(name) != shown.get(name)}
    )
    return sorted(env.found_docs) if env.ustaz_changed else []  # type: ignore[attr-defined]
