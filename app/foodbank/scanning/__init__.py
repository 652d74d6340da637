"""Codes people scan or type: barcodes of items, lots, shelves and parcels."""
