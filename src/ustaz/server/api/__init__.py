"""The JSON calls: each reads a request, asks a view or a lower room, and answers."""
