"""Food: donations, lots, the ledger, parcels and hand-outs."""
