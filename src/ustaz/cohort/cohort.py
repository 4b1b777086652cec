"""A course as DataFrames, for a notebook."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ustaz.cohort.counting import counts_by
from ustaz.cohort.sources import Answer, FromFolder, FromService, Source
from ustaz.course import Course
from ustaz.messages import LANGUAGES
from ustaz.workbook import PlainTable, frame_of

if TYPE_CHECKING:
    import pandas as pd


class Cohort:
    """The people of a course, how far they are, and what they wrote, as far as you may read it.

    Course staff have everybody, a facilitator the own groups; what stands in a column follows from
    the workbook's audiences and from what its writer shows. Who else asks is refused. The service
    is asked once for each part; :meth:`refresh` asks it anew.

    Parameters
    ----------
    course : str, optional
        Which of your courses on a hub; default is the one whose folder the notebook is in.
    lang : str, optional
        ``en``, ``ru`` or ``kk``: of titles and of the dictionary; default is your own.

    Raises
    ------
    ustaz_widgets.CourseError
        At the first table, when the service does not answer, or these tables are not yours to read.

    Examples
    --------
    >>> from ustaz.cohort import Cohort
    >>> cohort = Cohort()  # doctest: +SKIP
    >>> cohort.counts("workbooks", "status", by="group")  # doctest: +SKIP
    """

    def __init__(self, course: str = "", *, lang: str = "") -> None:
        self._source: Source = FromService(course, _language(lang))
        self._course: Answer | None = None
        self._fields: dict[str, Answer] = {}
        self._frames: dict[str, pd.DataFrame] = {}

    @classmethod
    def open(cls, folder: str | os.PathLike[str], *, lang: str = "en") -> Cohort:
        """Open a course directory: an operator's way, with everything that course staff read.

        Parameters
        ----------
        folder : path
            The one with ``ustaz.toml``; the answers may be in files or in PostgreSQL.
        lang : str
            ``en``, ``ru`` or ``kk``.

        Raises
        ------
        ustaz.base.errors.CourseError
            ``no_course``: a wrong folder is an error and never a course in which nobody wrote.
        """
        cohort = cls(lang=lang)
        cohort._source = FromFolder(Course.open(folder, keeping=False), lang)
        return cohort

    def refresh(self) -> None:
        """Forget what was read; the next table asks anew."""
        if isinstance(self._source, FromFolder):
            self._source = FromFolder(
                Course.open(self._source.opened.dir, keeping=False), self._source.lang
            )
        self._course = None
        self._fields.clear()
        self._frames.clear()

    # -- tables of the course ---------------------------------------------------------------------
    @property
    def people(self) -> pd.DataFrame:
        """One row a person: ``person, name, group, school, region, lang, status``."""
        return self.table("people")

    @property
    def workbooks(self) -> pd.DataFrame:
        """One row a person and workbook: how far it is, when it is due, when it was submitted."""
        return self.table("workbooks")

    @property
    def rounds(self) -> pd.DataFrame:
        """One row a submission: when it came, and when feedback on it was released."""
        return self.table("rounds")

    @property
    def sessions(self) -> pd.DataFrame:
        """One row a meeting and group, on the day to which it was moved."""
        return self.table("sessions")

    @property
    def attendance(self) -> pd.DataFrame:
        """One row a person and meeting that was logged: who came, who did not."""
        return self.table("attendance")

    @property
    def calendar(self) -> pd.DataFrame:
        """One row a person and meeting or due day."""
        return self.table("calendar")

    @property
    def ids(self) -> tuple[str, ...]:
        """The workbooks of the course, as :meth:`fields` takes them."""
        return self._overview().workbooks

    # -- tables of answers ------------------------------------------------------------------------
    def fields(self, workbook: str) -> dict[str, pd.DataFrame]:
        """Return the tidy tables of a workbook's answers by name.

        Parameters
        ----------
        workbook : str
            Its id, one of :attr:`ids`.

        Returns
        -------
        dict of str to DataFrame
            ``<workbook>`` with a row a person, ``<workbook>.<field>`` with a row an entry.

        Raises
        ------
        KeyError
            If the course has no such workbook; the message names those that it has.
        """
        return {name: self._frame(table) for name, table in self._answers(workbook).tables.items()}

    def table(self, name: str) -> pd.DataFrame:
        """Return a table by name, as ``"people"`` or ``"action-plan.steps"``.

        Raises
        ------
        KeyError
            If there is no such table.
        """
        tables = self._overview().tables
        if name not in tables:
            tables = self._answers(name.partition(".")[0]).tables
        if name not in tables:
            raise KeyError(f"there is no table {name!r}; there are {', '.join(tables)}")
        return self._frame(tables[name])

    @property
    def dictionary(self) -> pd.DataFrame:
        """What each column means, of every table that was read so far."""
        import pandas as pd

        answers = [self._overview(), *self._fields.values()]
        return pd.DataFrame([line for answer in answers for line in answer.meaning], dtype="string")

    def labels(self, table: str, column: str) -> dict[str, str]:
        """Return what the values of a column of options are called, in their own order.

        Parameters
        ----------
        table, column : str
            As :attr:`dictionary` names them; a column that is no choice has no labels.

        Examples
        --------
        >>> steps = cohort.table("action-plan.steps")  # doctest: +SKIP
        >>> steps.status.map(cohort.labels("action-plan.steps", "status"))  # doctest: +SKIP
        """
        self.table(table)  # says which tables there are, if not this one
        answer = self._fields.get(table.partition(".")[0]) or self._overview()
        return dict(answer.labels.get(table, {}).get(column, {}))

    # -- counting ---------------------------------------------------------------------------------
    def counts(self, table: str, column: str, *, by: str | Sequence[str] = "group") -> pd.DataFrame:
        """Count the values of a column by what the roster says of its people.

        Parameters
        ----------
        table : str
            As for :meth:`table`.
        column : str
            Whose values become the columns of the count.
        by : str or list of str
            ``group``, ``school``, ``region`` or ``lang``, or a column of the table itself.

        Returns
        -------
        DataFrame of Int64
            One row a group; what is empty is counted as ``""``.
        """
        return counts_by(self.table(table), column, self.people, by)

    def _overview(self) -> Answer:
        if self._course is None:
            self._course = self._source.course()
        return self._course

    def _answers(self, workbook: str) -> Answer:
        if workbook not in self._fields:
            if workbook not in self.ids:
                raise KeyError(
                    f"there is no workbook {workbook!r}; there are {', '.join(self.ids)}"
                )
            self._fields[workbook] = self._source.fields(workbook)
        return self._fields[workbook]

    def _frame(self, table: PlainTable) -> pd.DataFrame:
        if table.name not in self._frames:
            self._frames[table.name] = frame_of(table)
        return self._frames[table.name].copy()


def _language(lang: str) -> str:
    if lang and lang not in LANGUAGES:
        raise ValueError(f"use one of {', '.join(LANGUAGES)}")
    return lang
