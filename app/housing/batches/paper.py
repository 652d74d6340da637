"""The paper of the meeting: case numbers, no names, and no household whose place is hidden.

A paper lies about where it was read. Where a household may live is on it, so households that are
or may be in danger are left out without a word, and so is where people sleep now.
"""

from datetime import date
from typing import Any

from app.housing.batches.queries import SeenBatch
from app.housing.batches.words import POLICY_LABELS, POLICY_TEXTS, BatchWords
from app.policy import Protection


def printable(seen: SeenBatch) -> SeenBatch:
    """The batch with those alone whose place need not be hidden."""
    open_ = {
        case_id: one for case_id, one in seen.cases.items() if one.case.protection is Protection.NO
    }
    return SeenBatch(seen.batch, open_)


def paper(words: BatchWords, *, organisation: str, today: date) -> dict[str, Any]:
    """The data of print/batch.typ."""
    policy = words.seen.batch.policy
    return {
        "sheet": {
            "title": "住まいの組み合わせ（調整会議）",
            "organisation": organisation,
            "made_on": f"{today.year}年{today.month}月{today.day}日",
            "notice": "取扱注意",
            "number": f"B-{words.seen.batch.id}",
        },
        "policy": f"方針: {POLICY_LABELS[policy]}（{POLICY_TEXTS[policy]}）。"
        "機械の提案です。決めるのは会議です。",
        "pairs": [
            {
                "number": pair["number"],
                "case": pair["case_number"],
                "standing": "・".join(pair["standing"]),
                "home": pair["home"]["name"],
                "rent": pair["home"]["rent"],
                "town": pair["town"],
                "points": pair["points"],
                "reason": pair["home"]["reason"] or "",
                "arrange": list(pair["home"]["arrange"]),
                "ask": pair["home"]["question"] or "",
                "instead": pair["instead"],
                "scarce": pair["scarce"] or "",
                "state": pair["outcome"][0] if pair["outcome"] else "",
            }
            for pair in words.pairs()
        ],
        "without": [
            {
                "case": one["case_number"],
                "standing": "・".join(one["standing"]),
                "why": one["why"],
                "recruits": one["recruits"],
            }
            for one in words.without()
        ],
        "kept": [home["name"] for home in words.kept()],
    }
