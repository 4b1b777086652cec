"""A course directory: its settings, its workbooks, and who is asking."""

from ustaz.course.course import COURSE_ENV, Course, find_course, shipped_workbooks

__all__ = ["COURSE_ENV", "Course", "find_course", "shipped_workbooks"]
