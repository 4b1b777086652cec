"""The child that sets a portfolio: typst in a process of its own, which reads one folder alone.

See :mod:`ustaz.base.child_process`. It gets the folder's path on its standard input and writes a
PDF to its standard output, or a PNG where the folder holds one picture to be made into that. No
fonts of the system, no packages, nothing above the folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from ustaz.base.child_process import limit_this_process

TEMPLATE: Final = "portfolio.typ"
PICTURE: Final = "picture.typ"
#: Dots an inch of a picture.
SHARP: Final = 200
#: Of addresses; the library alone takes about a third.
MEMORY: Final = 1500 * 1024 * 1024
#: Seconds of work. Forty pages with pictures take about two.
WORK: Final = 20


def made_of(folder: Path) -> bytes:
    """Return the PDF/UA, or the PNG, of what lies in a folder."""
    import typst

    nothing = str(folder / "no-packages")
    bounds: dict[str, Any] = {
        "root": str(folder),
        "ignore_system_fonts": True,
        "font_paths": [],
        "package_path": nothing,
        "package_cache_path": nothing,
    }
    if (folder / PICTURE).exists():
        compiled = typst.compile(str(folder / PICTURE), format="png", ppi=SHARP, **bounds)
    else:
        compiled = typst.compile(
            str(folder / TEMPLATE), format="pdf", pdf_standards=["ua-1"], **bounds
        )
    if not isinstance(compiled, bytes):
        raise TypeError("one document was expected")
    return compiled


def main() -> None:
    """Read a path and write a PDF or a PNG."""
    limit_this_process(MEMORY, WORK)
    folder = Path(sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(made_of(folder))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
