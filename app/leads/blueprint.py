"""The blueprint all pages of lists to call stand on."""

from flask import Blueprint

bp = Blueprint("leads", __name__)
