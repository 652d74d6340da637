"""The end of a consultation: what changed, what is still open, and beginning again."""
