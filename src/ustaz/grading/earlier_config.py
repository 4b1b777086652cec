"""What earlier versions wrote into ``nbgrader_config.py`` and nobody should keep.

The file belongs to the staff. Only lines that still stand exactly as they were written are
exchanged; a line that anybody changed is left, and `ustaz doctor` names it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from ustaz.base import files

_IGNORE: Final = """\
# Files that are half written, and what nbgrader always leaves out.
c.CourseDirectory.ignore = [
    "*.tmp", ".*.tmp", "*.lock", "journal*", "*.previous",
    ".ipynb_checkpoints", "*.pyc", "__pycache__", "feedback",
]

"""
_KEPT: Final = """\
# A file in source/ never takes the place of what a person handed in.
c.Autograde.exclude_overwriting = {
    folder.name: ["answers.json", "round.json", "timestamp.txt", "submission_secret.txt"]
    for folder in (course / "source").glob("*") if folder.is_dir()
}
"""
_KEPT_NOW: Final = """\
# A file in source/ never takes the place of what a person handed in as a workbook. In assignments
# of any other kind the teacher's files stand, as nbgrader has it.
from ustaz.grading.setup import kept_of_submissions
c.Autograde.exclude_overwriting = kept_of_submissions(course)
"""
_EXCHANGE: Final = """\
c.ExchangeFactory.release_feedback = "ustaz.grading.plugins.WorkbookReleaseFeedback"

# -- Grading"""
_EXCHANGE_NOW: Final = """\
c.ExchangeFactory.release_assignment = "ustaz.exchange.plugins.WorkbookReleaseAssignment"
c.ExchangeFactory.release_feedback = "ustaz.grading.plugins.WorkbookReleaseFeedback"

# A workbook's answers do not come in archives: `nbgrader zip_collect` says how they come.
c.ZipCollectApp.extractor_plugin = "ustaz.exchange.archives.WorkbookExtractor"

# -- Grading"""
REPLACED: Final = ((_IGNORE, ""), (_KEPT, _KEPT_NOW), (_EXCHANGE, _EXCHANGE_NOW))

#: Settings that make ordinary assignments lose files, as words that stand in no current file.
SIGNS: Final = ('"journal*"', 'for folder in (course / "source").glob("*")')


def is_earlier(config: Path) -> bool:
    """Tell whether a configuration holds settings by which ordinary assignments lose files."""
    try:
        text = config.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return any(sign in lines for sign in SIGNS)


def bring_up_to_date(config: Path) -> bool:
    """Exchange what stands as an earlier version wrote it; tell whether anything did."""
    try:
        before = text = config.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    for old, new in REPLACED:
        text = text.replace(old, new)
    if text == before:
        return False
    files.replace(config, text.encode("utf-8"), config.stat().st_mode & 0o777)
    return True
