"""Proposals as pages and programs read them: the thing through policy, the engine's sentences."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.goods.codes import IMPORTANCE_LABELS, KIND_LABELS, Importance
from app.goods.items.records import shown_item
from app.goods.models import GoodsNeed
from app.goods.proposals.fitting import Fit, Proposal
from app.goods.words import size_words
from app.policy import Viewer
from app.wording import weekday


def proposal_row(one: Proposal, viewer: Viewer, today: date) -> dict[str, Any]:
    """A need with what could meet it."""
    need = one.need
    return need_words(need) | {
        "due": weekday(one.due),
        "late": one.due is not None and one.due < today,
        "proposed": fit_row(one.proposed, viewer) if one.proposed else None,
        "others": [fit_row(fit, viewer) for fit in one.others],
        "waiting": [fit_row(fit, viewer) for fit in one.waiting],
        "near": [fit_row(fit, viewer) for fit in one.near],
    }


def need_words(need: GoodsNeed) -> dict[str, Any]:
    """What is needed, in a line that tells nothing of the home."""
    return {
        "id": need.id,
        "case_id": need.case_id,
        "number": need.number,
        "kind": KIND_LABELS[need.kind],
        "detail": need.detail,
        "must": need.importance is Importance.MUST,
        "importance": IMPORTANCE_LABELS[need.importance],
    }


def without(needs: Iterable[GoodsNeed]) -> list[str]:
    """「食器 ×4」, the kinds there is nothing of, each once."""
    counted = Counter(KIND_LABELS[need.kind] for need in needs)
    return [f"{kind} ×{number}" if number > 1 else kind for kind, number in counted.items()]


def fit_row(fit: Fit, viewer: Viewer) -> dict[str, Any]:
    """A thing with the sentences about it, most telling first."""
    shown = shown_item(fit.item, viewer)
    return {
        "id": fit.item.id,
        "text": f"{shown.number}　{shown.label}",
        "size": size_words(shown),
        "url": url_for("goods.item_page", item_id=fit.item.id),
        "where": shown.shelf or _("寄贈者のところ"),
        "said": [words.text for words in fit.said],
    }


def told(one: Proposal, viewer: Viewer) -> dict[str, Any]:
    """A need with what could meet it, for the API."""
    return {
        "need_id": one.need.id,
        "case_id": one.need.case_id,
        "kind": one.need.kind.value,
        "importance": one.need.importance.value,
        "due_on": one.due,
        "proposed": _told_fit(one.proposed, viewer) if one.proposed else None,
        "others": [_told_fit(fit, viewer) for fit in one.others],
        "to_ask": [_told_fit(fit, viewer) for fit in one.waiting],
        "near_misses": [_told_fit(fit, viewer) for fit in one.near],
    }


def _told_fit(fit: Fit, viewer: Viewer) -> dict[str, Any]:
    row = fit_row(fit, viewer)
    return {"item_id": row["id"], "item": row["text"], "said": row["said"]}
