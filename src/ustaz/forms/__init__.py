"""A workbook as a document: drawn as a plain HTML form, and read back from what the form posts.

The page stands, filled in, before any script has come, and is enough where none runs.
"""

from ustaz.forms.drawing import Marks, Part, draw
from ustaz.forms.posted import Posted, read_posted
from ustaz.forms.prose import Block, blocks

__all__ = ["Block", "Marks", "Part", "Posted", "blocks", "draw", "read_posted"]
