"""Pictures and floor plans of homes."""
