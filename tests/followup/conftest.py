"""The household most tests of the watch begin with."""

from tests.followup.kit import watch

__all__ = ["watch"]
