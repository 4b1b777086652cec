"""Widgets that stand alone: plain data in, plain data out, with neither a course nor a server.

    from ustaz_widgets import Plan

    plan = Plan([{"action": "Ask two parents", "due": "2026-10-16"}])

Each is a field of a workbook by itself: its kind says what a value may be (:mod:`ustaz.workbook`),
and the components of the workbook's page show it. ``docs/widgets.md`` shows them all.
"""

from ustaz.standalone.field import FieldWidget
from ustaz.standalone.levels import Levels
from ustaz.standalone.people_map import PeopleMap
from ustaz.standalone.plan import Plan
from ustaz.standalone.ratings import Ratings
from ustaz.standalone.story_line import StoryLine

__all__ = ["FieldWidget", "Levels", "PeopleMap", "Plan", "Ratings", "StoryLine"]
