"""A person's calendar: meetings, due dates and own steps; moved meetings; files for telephones."""
