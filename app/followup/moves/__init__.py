"""代わる・移す: visits handed to somebody else or to another day, many in one act."""
