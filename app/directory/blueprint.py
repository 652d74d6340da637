"""The blueprint all pages of partners stand on, and what they share."""

from typing import Any

from flask import Blueprint, abort, url_for

from app.db import db
from app.directory import queries
from app.directory.access import kinds_kept, kinds_seen
from app.directory.models import PARTNER_KIND_LABELS, Partner, PartnerKind
from app.policy import Action, allows
from app.security import the_viewer

bp = Blueprint("directory", __name__)


def opened(partner_id: int) -> Partner:
    """A partner for reading; one of a kind the viewer does not see is not there (404)."""
    return queries.get_partner(db.session, partner_id, kinds_seen(the_viewer()))


def opened_to_change(partner_id: int) -> Partner:
    """A partner for writing: 404 for one that is not seen, 403 for one others keep."""
    partner = opened(partner_id)
    kept(partner.kind)
    return partner


def kept(kind: PartnerKind) -> PartnerKind:
    """The kind, if the viewer keeps it; answers 403 otherwise."""
    if kind not in kinds_kept(the_viewer()):
        abort(403)
    return kind


def counts_homes() -> bool:
    """Whether the viewer may know how many homes a partner stands behind."""
    return allows(the_viewer(), Action.HOME_READ)


def list_crumb(kind: PartnerKind | None = None) -> list[tuple[Any, str]]:
    """The way back to the list, and to the kind's part of it."""
    crumbs = [("つなぎ先", url_for("directory.partner_list"))]
    if kind is not None:
        own = url_for("directory.partner_list", kind=kind.value)
        crumbs.append((PARTNER_KIND_LABELS[kind], own))
    return crumbs
