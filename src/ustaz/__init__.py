"""Ustaz: a training course and workbooks for non-positional teacher leadership."""

__version__ = "0.1.0"
