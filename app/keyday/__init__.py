"""The key date gathers everything: what is to be done around the keys, by whom, until when."""
