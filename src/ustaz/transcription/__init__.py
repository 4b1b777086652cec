"""Answers typed in from paper for their owner."""
