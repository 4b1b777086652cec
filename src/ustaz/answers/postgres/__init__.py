"""Answers in PostgreSQL: the same store as in files, and the way from one to the other."""
