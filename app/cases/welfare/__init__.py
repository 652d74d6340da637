"""生活保護: where a household stands with it, and what was handed over either way."""
