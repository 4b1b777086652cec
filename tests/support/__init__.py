"""What several test folders share: a real server, a real browser."""
