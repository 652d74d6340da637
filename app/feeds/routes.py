"""The feature's pages."""

from app.feeds.views import bp

__all__ = ["bp"]
