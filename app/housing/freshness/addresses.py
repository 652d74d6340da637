"""The address of an answer link: a row's number and nonce, signed with the installation's key."""

from flask import url_for

from app import links
from app.housing.freshness.models import AnswerLink

_PURPOSE = "vacancy-answer"


def address_of(link: AnswerLink) -> str:
    """The whole address, to copy, mail or print."""
    token = links.sign(_PURPOSE, link.id, link.nonce)
    return links.outside() + url_for("housing.answer_page", token=token)


def read_token(token: str) -> tuple[int, str] | None:
    """Number and nonce of a link; None for anything this installation did not sign."""
    return links.read(_PURPOSE, token)
