"""回収: from a notice to the lots, the people who got them, and what became of the food."""
