"""The blueprint that the feature's view modules share."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
