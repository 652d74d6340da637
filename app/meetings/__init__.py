"""支援調整会議 and 支援会議: the days, who sits there, what is on the agenda, what is decided."""
