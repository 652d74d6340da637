"""The feature's pages and its periodic work, as the application registers them."""

from app.mail import sending
from app.mail.views import bp

__all__ = ["bp", "sending"]
