"""The blueprint all pages of the key date stand on."""

from flask import Blueprint

bp = Blueprint("keyday", __name__)
