"""The feature's one blueprint; the view modules add their routes to it."""

from flask import Blueprint

bp = Blueprint("housing", __name__)
