"""Search in an edition of the book: words and stems, what is in a page, the index."""
