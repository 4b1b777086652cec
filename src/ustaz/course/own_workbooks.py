"""The workbooks of a course while it runs: a mistake in one of its own stops no other one.

The workbooks that come with Ustaz are read once. Those of the course's own are read again when
their files change; one that cannot be used as it stands is what it was when it was last good, and
one that never was is left out.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from ustaz.base.errors import FileFault
from ustaz.config_files.last_good import FOLDER, Fault, Key, keep, kept, read_bytes, visible_key
from ustaz.config_files.toml_file import line_in
from ustaz.messages import N_, BadCatalogue, own_catalogues, own_texts
from ustaz.workbook import Definition, DefinitionErrors, DefinitionProblem, Library
from ustaz.workbook.course_translations import with_own_texts
from ustaz.workbook.library import FILE
from ustaz.workbook.reader import load

#: Seconds after which a changed file is noticed at the latest.
LOOK_AGAIN: Final = 1.0
HINT: Final = N_("docs/workbooks.md shows every key in an example.")


class OwnWorkbooks:
    """A course's library, with what is not used of it.

    Parameters
    ----------
    root : Path
        The course's directory.
    shipped : Path
        The folder of the workbooks that come with Ustaz.
    own : sequence of Path
        Folders of the course's own.
    """

    def __init__(
        self, root: Path, shipped: Path, own: Sequence[Path], *, keeping: bool = True
    ) -> None:
        self.keeping = keeping
        self.root, self.own = root, tuple(own)
        self._shipped = Library.from_dirs([shipped])
        self._library: Library | None = None
        self._faults: list[Fault] = []
        self._keys: dict[Path, Key | None] = {}
        self._looked = 0.0

    @property
    def library(self) -> Library:
        """Return the workbooks that can be used."""
        return self._current()

    @property
    def faults(self) -> list[Fault]:
        """Return what is not used as it stands."""
        self._current()
        return self._faults

    def _current(self) -> Library:
        if not self.own and self._library is not None:
            return self._library
        now = time.monotonic()
        if self._library is not None and now - self._looked < LOOK_AGAIN:
            return self._library
        keys = {path: visible_key(path) for path in self._files()}
        if self._library is None or keys != self._keys:
            library, faults = self._read()
            self._keys, self._faults, self._library = keys, faults, library
        self._looked = now
        return self._library

    def _files(self) -> Iterator[Path]:
        for folder in self.own:
            yield folder
            yield from _definitions(folder)
            yield from own_catalogues(folder).values()

    def _read(self) -> tuple[Library, list[Fault]]:
        faults: list[Fault] = []
        states: dict[str, _State] = {}
        problems: list[DefinitionProblem] = []
        for folder in self.own:
            if not folder.is_dir():
                faults.append(_missing(self.root, folder))
            own = own_texts(folder, self._taking(faults))
            for path in _definitions(folder):
                states[str(path)] = state = _State(before=self._kept(path))
                try:
                    state.data = read_bytes(path, "bad_definition")
                    state.now = _loaded(path, path)
                except FileFault as error:
                    problems.append(DefinitionProblem(str(path), 1, "", error.reason(str)))
                except DefinitionErrors as errors:
                    problems.extend(errors.problems)
                state.translate(own)
        library, between = self._together(states)
        used = {id(workbook) for workbook in library.values()}
        for file, state in states.items():
            if self.keeping and state.now is not None and id(state.now) in used:
                keep(self.root, _name(Path(file)), state.data)
        for problem in sorted({*problems, *between}):
            since = states[problem.file].since(used) if problem.file in states else ""
            path, line = Path(problem.file), problem.line
            wrong = FileFault("bad_definition", path, line, problem.place, problem.message, HINT)
            faults.append(Fault("workbook", wrong, since))
        return library, faults

    def _together(self, states: dict[str, _State]) -> tuple[Library, list[DefinitionProblem]]:
        """Return what can be used together, and what is wrong between the files as they stand."""
        first = {file: state.now or state.before for file, state in states.items()}
        best, between = self._fitting(first)
        bad = {problem.file for problem in between}
        # What one workbook says of another no longer fits: that one as it was, or all of them.
        for again in (
            {file: state.before if file in bad else first[file] for file, state in states.items()},
            {file: state.before or state.now for file, state in states.items()},
        ):
            if not between or len(best) == len(self._shipped) + len(states):
                break
            library, _ = self._fitting(again)
            if len(library) > len(best):
                best = library
        return best, between

    def _fitting(
        self, chosen: dict[str, Definition | None]
    ) -> tuple[Library, list[DefinitionProblem]]:
        own = [workbook for _, workbook in sorted(chosen.items()) if workbook is not None]
        return Library.of_what_fits([*self._shipped.values(), *own])

    def _kept(self, path: Path) -> tuple[Definition, str] | None:
        before = kept(self.root, _name(path))
        if before is None:
            return None
        try:
            return _loaded(path, self.root / FOLDER / _name(path)), before[1]
        except DefinitionErrors:
            return None  # of an earlier version of Ustaz

    def _taking(
        self, faults: list[Fault]
    ) -> Callable[[Path, Callable[[bytes], dict[str, str]]], dict[str, str]]:
        def take(path: Path, read: Callable[[bytes], dict[str, str]]) -> dict[str, str]:
            name = f"locale/{path.parents[1].name}-{path.parents[3].name}.po"
            if visible_key(path) is None:
                return {}
            try:
                data = read_bytes(path, "bad_translation")
                texts = read(data)
            except FileFault as error:
                fault = error
            except BadCatalogue as error:
                why = N_("not readable as a catalogue ({error})")
                params = {"error": str(error)}
                fault = FileFault("bad_translation", path, error.line, "", why, params=params)
            else:
                if self.keeping:
                    keep(self.root, name, data)
                return texts
            texts, since = _read_kept(self.root, name, read)
            faults.append(Fault("translation", fault, since))
            return texts

        return take


def _read_kept(
    root: Path, name: str, read: Callable[[bytes], dict[str, str]]
) -> tuple[dict[str, str], str]:
    before = kept(root, name)
    if before is None:
        return {}, ""
    try:
        return read(before[0]), before[1]
    except BadCatalogue:
        return {}, ""


class _State:
    """One file: what it says, and what it said when it was last good."""

    def __init__(self, before: tuple[Definition, str] | None) -> None:
        self.now: Definition | None = None
        self.before: Definition | None = before[0] if before else None
        self._since = before[1] if before else ""
        self.data = b""

    def translate(self, own: dict[str, dict[str, str]]) -> None:
        """Give both their translations."""
        if self.now is not None:
            self.now = with_own_texts(self.now, own)
        if self.before is not None:
            self.before = with_own_texts(self.before, own)

    def since(self, used: set[int]) -> str:
        """Return since when the state before was good, where it is the one in use."""
        return self._since if self.before is not None and id(self.before) in used else ""


def _loaded(path: Path, data: Path) -> Definition:
    """Read a definition; complaints call it by its own name wherever it is kept."""
    definition = load(data, name=str(path))
    if definition.id != path.parent.name:
        message = f"the folder is called {path.parent.name!r}; both must be the same"
        raise DefinitionErrors([DefinitionProblem(str(path), 1, "id", message)])
    return definition


def _definitions(folder: Path) -> list[Path]:
    try:
        return sorted(path / FILE for path in folder.iterdir() if (path / FILE).exists())
    except OSError:
        return []


def _name(path: Path) -> str:
    return f"workbooks/{path.parents[1].name}/{path.parent.name}.yml"


def _missing(root: Path, folder: Path) -> Fault:
    why = N_("there is no folder {folder}")
    params = {"folder": folder}
    path, field = root / "ustaz.toml", "workbooks.library"
    line = line_in(path, field)
    return Fault("settings", FileFault("bad_settings", path, line, field, why, params=params))
