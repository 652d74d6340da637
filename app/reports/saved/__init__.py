"""いつもの見方: an office, a period by its name and parts, opened by one tap and sent word of."""
