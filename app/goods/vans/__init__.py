"""車の日: what is fetched and brought on a day, in which order, and what the van holds."""
