"""Guides, grants and activities in words, always with 目安 beside them."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.benefits.codes import BENEFIT_KIND_LABELS, VERDICT_LABELS, BenefitKind, Verdict
from app.benefits.models import BenefitEstimate, RentGrant
from app.wording import day, yen

NOTICE = "目安です。判定ではありません。決めるのは市の窓口です。"
OVERALL = {
    Verdict.MET: "聞いた範囲では、どの条件にも当てはまりそうです。",
    Verdict.UNKNOWN: "まだ分からないことがあります。聞くと、目安がはっきりします。",
    Verdict.FAILED: "当てはまらない条件があります。窓口で、ほかの制度も合わせて確かめてください。",
}
TAGS = {Verdict.MET: "good", Verdict.UNKNOWN: "warn", Verdict.FAILED: "bad"}


def overall(estimate: BenefitEstimate) -> Verdict:
    """How the conditions stand together."""
    return Verdict(estimate.result["verdict"])


def conditions(estimate: BenefitEstimate) -> list[dict[str, str]]:
    """The conditions as a page or paper shows them."""
    return [
        {
            "name": one["name"],
            "why": one["why"],
            "label": VERDICT_LABELS[Verdict(one["verdict"])],
            "kind": TAGS[Verdict(one["verdict"])],
        }
        for one in estimate.result["conditions"]
    ]


def amounts(estimate: BenefitEstimate) -> list[tuple[str, str | None, str | None]]:
    """Label, amount and where it comes from; None reads 未確認."""
    result = estimate.result
    if estimate.kind is BenefitKind.RENT:
        amount = result["amount"]
        months = _("%(now)sか月ごと、最長であと%(left)sか月", now=result["months_now"],
                   left=result["months_left"])  # fmt: skip
        return [
            (_("1か月の額の目安"), None if amount is None else yen(amount), result["amount_why"]),
            (_("期間"), months, None),
        ]
    unknown = "、".join(result["unknown_lines"])
    return [
        (_("補助の額の目安"), yen(result["amount"]), None),
        (_("対象になりうる費用"), yen(result["covered"]), None),
        (_("上限"), yen(result["cap"]), result["cap_source"]),
        (
            _("ほかで払う額"),
            yen(result["uncovered"]),
            _("金額か扱いの分からない費目: %(what)s", what=unknown) if unknown else None,
        ),
    ]


def rule_facts(estimate: BenefitEstimate) -> list[tuple[str, str]]:
    """The town's rule that was used."""
    rule: Mapping[str, Any] = estimate.rule
    return [
        (_("基準額"), yen(rule["standard"])),
        (_("家賃の限度額"), yen(rule["ceiling"])),
        (_("出典"), rule["source"]),
        (_("計算のきまり"), estimate.rule_version),
    ]


def estimate_title(estimate: BenefitEstimate) -> str:
    """「家賃補助の目安（2026年11月28日）」"""
    kind = BENEFIT_KIND_LABELS[estimate.kind]
    return str(_("%(kind)sの目安（%(day)s）", kind=kind, day=day(estimate.made_on)))


def grant_title(grant: RentGrant) -> str:
    """「1回目（12月〜2月）」 with its place in the series."""
    order = _("初回") if grant.number == 1 else _("延長%(n)s回目", n=grant.number - 1)
    return str(_("%(order)s %(start)s〜%(end)s", order=order, start=day(grant.starts_on),
                 end=day(grant.stopped_on or grant.ends_on)))  # fmt: skip
