"""A person's portfolio: one model of it, and what it looks like as HTML, as PDF and in Word.

Assembled from the answers of the year, by criterion and along the year; private answers are in no
portfolio, also in its owner's. See docs/decisions/0039.
"""

from ustaz.portfolio.assembling import portfolio
from ustaz.portfolio.checking import Check, contents_check
from ustaz.portfolio.model import Portfolio

__all__ = ["Check", "Portfolio", "contents_check", "portfolio"]
