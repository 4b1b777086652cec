"""Files that people edit: read with lines, and the last good state where a mistake came in."""
