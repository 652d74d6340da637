"""Mail to the people who work here: a table of what is to go out, and how it leaves the house."""
