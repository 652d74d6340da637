"""The blueprint of all pages of the benefits."""

from flask import Blueprint

bp = Blueprint("benefits", __name__)
