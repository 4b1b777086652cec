"""What ``ustaz doctor`` looks at: each examination says what it found and what to do.

It only reads. A participant's text is never shown; folders are named by person and workbook.
"""

from ustaz.doctor.examining import examine
from ustaz.doctor.model import MARKS, Finding

__all__ = ["MARKS", "Finding", "examine"]
