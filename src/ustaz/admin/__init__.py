"""Making a course, and what is wrong in the files that its staff edit."""
