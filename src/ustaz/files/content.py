"""What is kept of a file, or why its content cannot be used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of a file.

    Attributes
    ----------
    type : str
        Its media type.
    data : bytes
    width, height : int
        Pixels of a picture.
    pages : tuple of Content
        The first pages of a PDF as pictures.
    small : Content or None
        A small picture of it, for lists.
    """

    type: str
    data: bytes
    width: int = 0
    height: int = 0
    pages: tuple[Content, ...] = ()
    small: Content | None = None

    @property
    def parts(self) -> tuple[Content, ...]:
        """Return the pictures that are kept beside it."""
        return (*self.pages, *([self.small] if self.small else []))


class Unusable(Exception):
    """The content is refused.

    Attributes
    ----------
    id : str
        A key of :data:`ustaz.files.model.REFUSALS`.
    """

    def __init__(self, id: str) -> None:
        super().__init__(id)
        self.id = id
