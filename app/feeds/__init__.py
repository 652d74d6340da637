"""One's own calendar: what is planned for a person, for the calendar on their phone."""
