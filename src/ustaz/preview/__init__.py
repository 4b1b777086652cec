"""A workbook under work, tried in a notebook with answers that are thrown away.

    from ustaz.preview import Preview

    Preview("library/my-survey/workbook.yml")

or ``%load_ext ustaz.preview``, and a cell that begins with ``%%workbook``.
"""

from ustaz.preview.magic import load_ipython_extension
from ustaz.preview.reading import Source
from ustaz.preview.widget import Preview

__all__ = ["Preview", "Source", "load_ipython_extension"]
