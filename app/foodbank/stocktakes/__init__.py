"""棚卸し: counting what lies on the shelves, beside the work that goes on."""
