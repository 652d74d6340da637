"""What was found out about a household, dated; the issue master; needs suggested from it."""
