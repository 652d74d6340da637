"""Every page of accounts on one blueprint: signing in, one's own account, administration."""

from app.accounts import administration, own_account
from app.accounts.views import bp

__all__ = ["administration", "bp", "own_account"]
