"""``python -m ustaz.cli`` is ``ustaz``."""

from __future__ import annotations

from ustaz.cli import main

if __name__ == "__main__":
    main()
