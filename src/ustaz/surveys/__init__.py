"""Surveys that are answered without a name: rounds, slips with codes, and what is published.

A code is never beside an answer; answers have no time and no order; a report is computed once.
"""

from ustaz.surveys.definitions import SURVEYS, Dimension, Survey
from ustaz.surveys.reports import Report, Summary, changes, gaps, summaries
from ustaz.surveys.rounds import (
    FOLDER,
    Place,
    Round,
    SurveyError,
    add_slips,
    answer,
    carry,
    close,
    comments_of,
    discard,
    given_answers,
    open_round,
    place_of_code,
    report_of,
    rounds,
)
from ustaz.surveys.tables import ROLES, Answers, Table

__all__ = [
    "FOLDER",
    "ROLES",
    "SURVEYS",
    "Answers",
    "Dimension",
    "Place",
    "Report",
    "Round",
    "Summary",
    "Survey",
    "SurveyError",
    "Table",
    "add_slips",
    "answer",
    "carry",
    "changes",
    "close",
    "comments_of",
    "discard",
    "gaps",
    "given_answers",
    "open_round",
    "place_of_code",
    "report_of",
    "rounds",
    "summaries",
]
