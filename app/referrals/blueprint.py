"""The blueprint all pages of sheets stand on."""

from flask import Blueprint

bp = Blueprint("referrals", __name__)
