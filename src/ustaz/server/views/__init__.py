"""What pages and calls say, as data: projected to whoever asks."""
