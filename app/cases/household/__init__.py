"""The people of a household, each on a page of their own, and the numbers they answer."""
