"""Households from the first word at the counter: intake, consent, needs, the case log."""
