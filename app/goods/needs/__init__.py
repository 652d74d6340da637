"""What a household needs to live in its home, and the usual list it is proposed from."""
