"""Linking in, and the decisions at the end: settled, longer, or left."""
