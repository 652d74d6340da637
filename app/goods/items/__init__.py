"""Things somebody gives, with their pictures."""
