"""A graded submission's folder, with what nbgrader would have left in it."""

from __future__ import annotations

import json
import secrets
import shutil
from pathlib import Path
from typing import Any

from nbformat.v4.rwbase import split_lines, strip_transient
from nbgrader.utils import find_all_files

from ustaz.base import files
from ustaz.course import Course
from ustaz.grading.preprocessors import autograded_path


class GradedFolder:
    """A graded submission's folder: complete, or not there."""

    def __init__(self, course: Course, person: str, workbook: str, source: Path) -> None:
        self.target = autograded_path(course, person, workbook)
        self.place = self.target.parent / f".{workbook}.{secrets.token_hex(4)}{files.TEMP_SUFFIX}"
        self.origins = [source, course.dir / "source" / workbook]

    def __enter__(self) -> GradedFolder:
        self.place.mkdir(parents=True)
        for origin in self.origins:
            for name in find_all_files(str(origin), ["*.ipynb", f"*{files.TEMP_SUFFIX}"]):
                self._copy(Path(name), Path(name).relative_to(origin))
        return self

    def _copy(self, path: Path, name: Path) -> None:
        # What the person answered is never overwritten by a file of the same name in source/.
        if self.origins[1] in path.parents and (self.origins[0] / name).exists():
            return
        (self.place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, self.place / name)
        (self.place / name).chmod(0o444)

    def write(self, name: str, text: str) -> None:
        """Write a notebook as nbgrader leaves it: for reading only."""
        (self.place / name).write_text(text, encoding="utf-8")
        (self.place / name).chmod(0o444)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is not None:
            shutil.rmtree(self.place, ignore_errors=True)
            return
        shutil.rmtree(self.target, ignore_errors=True)
        files.rename(self.place, self.target)


def notebook_text(node: Any) -> str:  # noqa: ANN401
    """Return a notebook as ``NotebookExporter`` writes it; `node` is used up."""
    node = strip_transient(split_lines(node))  # type: ignore[no-untyped-call]
    return (
        json.dumps(node, ensure_ascii=False, indent=1, sort_keys=True, separators=(",", ": "))
        + "\n"
    )
