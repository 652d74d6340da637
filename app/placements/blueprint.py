"""The blueprint all pages of holds and placements stand on."""

from flask import Blueprint

bp = Blueprint("placements", __name__)
