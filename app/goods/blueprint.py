"""The blueprint all pages of goods stand on."""

from flask import Blueprint

bp = Blueprint("goods", __name__)
