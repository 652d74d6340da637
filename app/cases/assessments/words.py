"""An assessment in words, from content that has already passed policy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _

from app.cases.assessments.codes import (
    AMOUNT_KIND_LABELS,
    DEBT_SETTLEMENT_LABELS,
    FACTOR_LABELS,
    HEALTH_LABELS,
    JOB_STAGE_LABELS,
    MARITAL_LABELS,
    PUBLIC_ASSISTANCE_LABELS,
    SCREENING_LABELS,
    TOTALS,
    AmountKind,
    Factor,
    Screening,
)
from app.cases.needs.models import YesNoUnknown
from app.policy import Presented
from app.wording import day, yen

Fact = tuple[str, str | None]
TWO_YEARS = 2


@dataclass(frozen=True)
class Total:
    """A sum of what is known; `open_` lines have no amount yet, so the sum is at least this."""

    label: str
    yen: int
    open_: int
    months: int | None = None

    @property
    def words(self) -> str:
        more = _("以上（金額が未確認の行 %(n)s件）", n=self.open_) if self.open_ else ""
        months = _("・家賃 %(n)sか月分", n=self.months) if self.months else ""
        return f"{yen(self.yen)}{more}{months}"


def totals(amounts: Sequence[Mapping[str, Any]]) -> list[Total]:
    """Sums of the lines about money, those without any line left out."""
    found = []
    for label, kinds in TOTALS:
        rows = [row for row in amounts if row["kind"] in kinds]
        if not rows:
            continue
        known = [row["yen"] for row in rows if row["yen"] is not None]
        rent = [row["months"] for row in rows if row["kind"] == AmountKind.ARREARS_RENT]
        months = [m for m in rent if m is not None]
        found.append(Total(label, sum(known), len(rows) - len(known), max(months, default=None)))
    return found


def rent_benefit_until(last_worked_on: str | None) -> date | None:
    """The last day on which the rent benefit can be applied for after losing work, as a 目安.

    Two years from leaving work (生活困窮者自立支援法施行規則 10条1号); days lost to illness or
    care may lengthen it, which the office decides.
    """
    if last_worked_on is None:
        return None
    left = date.fromisoformat(last_worked_on)
    try:
        return left.replace(year=left.year + TWO_YEARS)
    except ValueError:  # 29 February
        return left.replace(year=left.year + TWO_YEARS, day=28)


def issue_tags(shown: Presented) -> list[tuple[str, str]]:
    """The issues as tags, the main ones first and marked."""
    ticked = [*(shown.issues or []), *(shown.team_issues or [])]
    ticked.sort(key=lambda one: not one["main"])
    return [(one["name"], "warn" if one["main"] else "") for one in ticked]


def factor_tags(shown: Presented) -> list[tuple[str, str]]:
    """The factors lying over it; those for the team alone are marked."""
    tags = [(FACTOR_LABELS[Factor(code)], "") for code in shown.factors or []]
    return [(FACTOR_LABELS[Factor(code)], "bad") for code in shown.team_factors or []] + tags


def parts(shown: Presented, *, today: date) -> list[dict[str, Any]]:
    """The sheet part by part; a part nobody asked about is left out."""
    sheet = (
        (_("本人の希望と見立て"), _view(shown)),
        (_("家族・地域・住まい"), _family(shown)),
        (_("健康・障害"), _health(shown)),
        (_("お金"), _money(shown)),
        (_("仕事"), _work(shown, today)),
    )
    return [
        {"title": title, "facts": known}
        for title, facts in sheet
        if (known := [(label, said) for label, said in facts if said])
    ]


def _view(shown: Presented) -> list[Fact]:
    screening = SCREENING_LABELS[Screening(shown.screening)] if shown.screening else None
    return [
        (_("本人の希望"), shown.wish),
        (_("見立て"), shown.summary),
        (_("対応方針"), screening),
    ]


def _family(shown: Presented) -> list[Fact]:
    living = shown.living_with
    return [
        (_("同居"), None if living is None else _("%(n)s人", n=living)),
        (_("婚姻"), MARITAL_LABELS.get(shown.marital)),
        (_("家族"), shown.family),
        (_("地域"), shown.community),
        (_("家賃（月）"), None if shown.rent is None else yen(shown.rent)),
        (_("ローン（月）"), None if shown.loan is None else yen(shown.loan)),
        (_("保証人"), _known(shown.guarantor, _("いる"), _("いない"))),
        (_("緊急連絡先"), _known(shown.emergency_contact, _("いる"), _("いない"))),
    ]


def _health(shown: Presented) -> list[Fact]:
    return [
        (_("体の調子"), HEALTH_LABELS.get(shown.health)),
        (_("病名など"), shown.diagnosis),
        (_("通院"), _known(shown.visits_doctor, _("している"), _("していない"))),
        (_("服薬"), _known(shown.takes_medicine, _("している"), _("していない"))),
        (_("階段"), _known(shown.stairs_hard, _("つらい"), _("のぼれる"))),
        (_("車いす"), _known(shown.wheelchair, _("使う"), _("使わない"))),
        (_("くわしく"), shown.health_note),
    ]


def _money(shown: Presented) -> list[Fact]:
    lines: list[Fact] = [
        (_("生活保護"), PUBLIC_ASSISTANCE_LABELS.get(shown.public_assistance)),
        (_("債務整理"), DEBT_SETTLEMENT_LABELS.get(shown.debt_settlement)),
    ]
    for row in shown.amounts or []:
        months = _("（%(n)sか月分）", n=row["months"]) if row["months"] else ""
        amount = _("金額は未確認") if row["yen"] is None else yen(row["yen"])
        label = AMOUNT_KIND_LABELS[AmountKind(row["kind"])]
        lines.append((label, f"{row['label'] or ''}　{amount}{months}".strip()))
    return [*lines, (_("家計"), shown.money_note)]


def _work(shown: Presented, today: date) -> list[Fact]:
    until = rent_benefit_until(shown.last_worked_on)
    left = None
    if until is not None:
        words = _("離職から2年は %(day)s まで", day=day(until))
        past = _("過ぎています") if until < today else _("目安")
        left = f"{day(date.fromisoformat(shown.last_worked_on))}（{words}・{past}）"
    lines: list[Fact] = [
        (_("最後に働いた日"), left),
        (_("就労の段階"), JOB_STAGE_LABELS.get(shown.job_stage)),
        (_("運転免許"), _known(shown.driving, _("ある"), _("ない"))),
        (_("資格・技能"), shown.licences),
        (_("学歴"), shown.education),
        (_("働く希望"), shown.wish_for_work),
    ]
    for job in shown.jobs or []:
        ended = day(date.fromisoformat(job["left_on"])) if job["left_on"] else ""
        period = f"{job['since'] or ''}〜{ended}" if job["since"] or ended else ""
        words = (job["employer"], job["work"], period, job["reason"])
        lines.append((_("職歴"), "　".join(filter(None, words))))
    return lines


def _known(value: Any, yes: str, no: str) -> str | None:
    return {YesNoUnknown.YES: yes, YesNoUnknown.NO: no}.get(value)
