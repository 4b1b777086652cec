"""A course as tables for whoever counts: people, workbooks, rounds, meetings, and every answer.

One reader makes the tables of a course, in files or in PostgreSQL, for whoever asks; the service
sends them, projected, and :class:`Cohort` gives them as DataFrames in a notebook. pandas is loaded
where a DataFrame is made and nowhere before.
"""

from __future__ import annotations

from ustaz.cohort.chart import bars
from ustaz.cohort.cohort import Cohort

__all__ = ["Cohort", "bars"]
