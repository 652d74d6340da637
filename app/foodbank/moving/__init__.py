"""Moving stock: from shelf to shelf, back from a household, back to a donor, and putting right."""
