"""Is it still vacant? Whom to phone, what they said, and a link to answer by instead."""
