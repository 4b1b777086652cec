"""Parquet as the command writes it, with the library of the extra in a folder of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.parquet import folder
from ustaz.course import Course

READ = """\
import json, sys
from pathlib import Path
import pandas as pd
from ustaz.cli import main
code = 0
try:
    main(["export", sys.argv[1], sys.argv[2], "--format", "parquet"])
except SystemExit as end:
    code = end.code
assert not code, code
frames = {path.stem: pd.read_parquet(path) for path in Path(sys.argv[2]).iterdir()}
texts = frames["focus"].set_index("person")["focus_statement"]
assert (texts["olga-p"], texts["yerlan-b"]) == ("=1+1", "007")
kinds = frames["workbooks"].dtypes
assert str(kinds["answered"]) == "Int64" and str(kinds["overdue"]) == "boolean", kinds
assert kinds["due"].kind == "M" and str(kinds["updated_at"].tz) == "UTC", kinds
assert sorted(frames["action-plan.steps"]["due"].dt.month) == [1, 10]
assert "Only for me" not in "".join(frame.to_string() for frame in frames.values())
lines = frames["dictionary"]
for name, frame in frames.items():
    if name != "dictionary":
        assert list(lines.loc[lines["table"] == name, "column"]) == list(frame.columns), name
"""


@pytest.mark.soak
def test_parquet_keeps_types_and_texts(course: Course, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{folder()}{os.pathsep}{os.pathsep.join(sys.path)}"}
    command = [sys.executable, "-c", READ, str(course.dir), str(tmp_path / "tables")]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
