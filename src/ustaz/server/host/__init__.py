"""Behind Tornado and Jupyter Server: requests, responses, limits, logs, and the way to a hub."""
