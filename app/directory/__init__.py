"""Partners: city sections, providers, realtors, guarantor companies, donors, councils."""
