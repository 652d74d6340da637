"""What is running low, and what runs out of time while somebody could still use it."""
