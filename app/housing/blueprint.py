"""The feature's one blueprint; the view modules add their routes to it."""

from flask import Blueprint, Response

bp = Blueprint("housing", __name__)

Answer = Response | str | tuple[str, int]
