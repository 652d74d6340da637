"""The homes proposed for one household: what was asked, the page, the print."""
