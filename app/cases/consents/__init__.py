"""What a household agreed to, and the meetings that may know without it."""
