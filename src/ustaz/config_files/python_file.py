"""Configuration files of Jupyter's kind: run as Jupyter would, with the files that they load.

A mistake in a file that is loaded by ``load_subconfig`` is a mistake of that file, and its last
good state goes on with that of the file that loads it.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from traitlets.config import Config

from ustaz.base.errors import FileFault
from ustaz.config_files.last_good import Key, Watched, keep, kept, read_bytes, visible_key
from ustaz.messages import N_

WHY: Final = N_("Python cannot run it ({error})")
HINT: Final = N_("Correct the line, or put the file of a backup back.")

#: Says no to a configuration that can be run and not be used, by raising a ``FileFault``.
Check = Callable[[Config, bytes, Path], None]
#: Returns the bytes of a file that is loaded; None where there is none.
Source = Callable[[Path], bytes | None]


class PythonFile(Watched[Config]):
    """One file with those that it loads, read again when one of them changes.

    Parameters
    ----------
    check : callable, optional
        Looks at what was run before it counts as good.
    """

    def __init__(
        self,
        root: Path,
        name: str,
        *,
        kind: str,
        id: str,
        going_on: bool,
        keeping: bool = True,
        check: Check | None = None,
    ) -> None:
        super().__init__(
            root, name, self._run, kind=kind, id=id, going_on=going_on, keeping=keeping
        )
        self._check = check
        self._parts: dict[Path, bytes] = {}

    def _stamp(self, key: Key | None) -> Any:  # noqa: ANN401 - compared only
        return (key, *(visible_key(path) for path in self._parts))

    def _run(self, data: bytes, path: Path) -> Config:
        parts: dict[Path, bytes] = {}

        def source(part: Path) -> bytes | None:
            if visible_key(part) is None:
                return None
            parts[part] = read_bytes(part, self._id)
            return parts[part]

        try:
            config = run(data, path, self._id, source)
            if self._check is not None:
                self._check(config, data, path)
        finally:
            self._parts = parts
        if self.keeping:
            for part, content in parts.items():
                keep(self.root, self._name_of(part), content)
        return config

    def _run_kept(self, data: bytes, path: Path) -> Config:
        return run(data, path, self._id, self.kept_source)

    def kept_source(self, part: Path) -> bytes | None:
        """Return the last good state of a file that is loaded; as it stands where none is kept."""
        known = kept(self.root, self._name_of(part))
        if known is not None:
            return known[0]
        return None if visible_key(part) is None else read_bytes(part, self._id)

    def _name_of(self, part: Path) -> str:
        with suppress(ValueError):
            return part.relative_to(self.root).as_posix()
        return f"elsewhere/{part.as_posix().replace('/', '!')}"


def run(data: bytes, path: Path, id: str, source: Source, config: Config | None = None) -> Config:
    """Run a configuration file as Jupyter would, and return what it sets.

    Parameters
    ----------
    data : bytes
        What is run.
    path : Path
        Where it stands, or stood.
    id : str
        Of the error.
    source : callable
        For the files that it loads.
    config : Config, optional
        What is filled; default: a new one.

    Raises
    ------
    FileFault
        With the file and the line where Python gave up.
    """
    filled = Config() if config is None else config

    def load_subconfig(name: str, folder: str | None = None) -> None:
        part = Path(os.path.normpath((Path(folder) if folder else path.parent) / name))
        content = source(part)
        if content is not None:  # Jupyter, too, passes over one that is not there
            filled.merge(run(content, part, id, source))

    names = {
        "c": filled,
        "get_config": lambda: filled,
        "load_subconfig": load_subconfig,
        "__file__": os.fspath(path),
    }
    try:
        exec(compile(data, os.fspath(path), "exec"), names)  # noqa: S102 - the operators' own file
    except FileFault:
        raise
    except SyntaxError as error:
        why, line = error.msg, error.lineno or 0
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever the file does
        frames = traceback.extract_tb(error.__traceback__)
        own = [frame.lineno or 0 for frame in frames if frame.filename == os.fspath(path)]
        why, line = f"{type(error).__name__}: {error}", own[-1] if own else 0
    else:
        return filled
    raise FileFault(
        id,
        path,
        line,
        "",
        WHY,
        HINT,
        params={"error": " ".join(why.split())[:200]},
    )
