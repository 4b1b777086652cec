"""The demo course: invented teachers at different stages of a year, made by the real functions.

Nothing is written around the store or the exchange: every answer is saved in small batches, every
submission is handed in, collected, graded and returned as a person's would be. The same number of
people, the same seed and the same day make the same course, ids of files and times of day apart.
"""

from __future__ import annotations

from ustaz.demo._create import create

__all__ = ["create"]
