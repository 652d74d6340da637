"""棚: where things lie, what lies there now, and the labels that open a shelf's page."""
