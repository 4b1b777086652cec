"""A workbook as a document: drawn as a plain HTML form, and read back from what the form posts.

The page stands, filled in, before any script has come, and is enough where none runs.
"""

from ustaz.forms.drawing import Marks, Part, draw
from ustaz.forms.posted import Posted, read_posted

__all__ = ["Marks", "Part", "Posted", "draw", "read_posted"]
