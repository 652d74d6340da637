"""Buildings and homes: looking them up, a new vacancy, corrections, and how they read."""
