"""A home's facts in groups for its page: what is known, and by name what matters and is not."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _

from app.housing.codes import (
    BUILDING_KIND_LABELS,
    CONTACT_RULE_LABELS,
    CONTRACT_KIND_LABELS,
    FITTING_LABELS,
    GAS_KIND_LABELS,
    GUARANTOR_RULE_LABELS,
    HOME_KIND_LABELS,
    PET_RULE_LABELS,
    TRADE_KIND_LABELS,
    AvailableKind,
    ContactRule,
    ContractKind,
    Fitting,
    GasKind,
    GuarantorRule,
    PetRule,
    Precision,
)
from app.housing.homes.words import available, floor, size, walk
from app.housing.models import Home, Property
from app.japanese import format_era_year
from app.wording import yen

Fact = tuple[str, str]

NEW_STANDARD = (1981, 6)
"""Buildings approved from 1 June 1981 on follow the new earthquake standard (新耐震基準)."""


def fact_groups(home: Home) -> list[tuple[str, list[Fact]]]:
    """The groups of known facts, each with its title; empty groups are left out."""
    groups = [
        (_("部屋"), _room(home)),
        (_("お金"), _money(home)),
        (_("契約と保証"), _contract(home)),
        (_("設備"), _fittings(home)),
        (_("建物"), building(home.property)),
    ]
    return [(title, facts) for title, facts in groups if facts]


def _known(facts: Iterable[tuple[str, str | None]]) -> list[Fact]:
    return [(label, str(words)) for label, words in facts if words]


def _yes_no(value: bool | None, yes: str, no: str) -> str | None:
    return None if value is None else yes if value else no


def _counted(value: int | None, unit: str) -> str | None:
    return None if value is None else f"{value:,}{unit}"


def _room(home: Home) -> list[Fact]:
    mats = None if home.living_mats is None else f"{home.living_mats.normalize():f}畳"
    return _known(
        [
            (_("種類"), HOME_KIND_LABELS[home.kind]),
            (_("間取り・面積"), size(home)),
            (_("居室の広さ"), mats),
            (_("階"), floor(home)),
            (_("向き"), home.facing),
            (_("車いす"), _yes_no(home.wheelchair, _("使える"), _("使えない"))),
            (_("段差"), _counted(home.steps, _("段"))),
            (_("入居できる人数"), _counted(home.most_people, _("人まで"))),
            (_("小学校の学区"), home.school_district),
        ]
    )


def _yen(value: int | None) -> str | None:
    return None if value is None else yen(value) if value else str(_("なし"))


def _money(home: Home) -> list[Fact]:
    return _known(
        [
            (_("敷金"), _yen(home.deposit)),
            (_("礼金"), _yen(home.key_money)),
            (_("償却・敷引"), _yen(home.deposit_kept)),
            (_("更新料"), _yen(home.renewal_fee)),
            (_("更新事務手数料"), _yen(home.renewal_office_fee)),
            (_("仲介手数料"), _yen(home.agent_fee)),
            (_("火災保険"), _yen(home.insurance)),
            (_("鍵の交換"), _yen(home.lock_change)),
            (_("退去時の清掃"), _yen(home.cleaning)),
            (_("前家賃"), _counted(home.prepaid_months, _("か月"))),
            (_("フリーレント"), _counted(home.free_months, _("か月"))),
        ]
    )


def _contract(home: Home) -> list[Fact]:
    rule = home.guarantor_rule
    kind = home.contract_kind
    contact = home.contact_rule
    company = home.guarantor_company.name if home.guarantor_company else None
    when = None if home.available is AvailableKind.UNKNOWN else available(home)
    return _known(
        [
            (_("入居できる時期"), when),
            (_("保証人"), None if rule is GuarantorRule.UNKNOWN else GUARANTOR_RULE_LABELS[rule]),
            (_("保証会社"), company),
            (_("保証料（はじめ）"), _yen(home.guarantee_fee)),
            (_("保証料（毎月）"), _yen(home.guarantee_monthly)),
            (
                _("緊急連絡先"),
                None if contact is ContactRule.UNKNOWN else CONTACT_RULE_LABELS[contact],
            ),
            (_("契約の形"), None if kind is ContractKind.UNKNOWN else CONTRACT_KIND_LABELS[kind]),
            (_("契約の期間"), _counted(home.contract_months, _("か月"))),
            (_("取引態様"), TRADE_KIND_LABELS[home.trade] if home.trade else None),
        ]
    )


def _fittings(home: Home) -> list[Fact]:
    pets = None if home.pet_rule is PetRule.UNKNOWN else PET_RULE_LABELS[home.pet_rule]
    gas = None if home.gas is GasKind.UNKNOWN else GAS_KIND_LABELS[home.gas]
    fittings = "・".join(FITTING_LABELS[Fitting(code)] for code in home.fittings)
    return _known([(_("ペット"), pets), (_("ガス"), gas), (_("設備"), fittings)])


def building(place: Property) -> list[Fact]:
    """What is known of a building."""
    kind = BUILDING_KIND_LABELS[place.building_kind] if place.building_kind else None
    ride = " ".join(filter(None, (place.station_line, walk(place))))
    more = "／".join(
        " ".join(filter(None, (one.line, one.name, _walked(one.walk_minutes))))
        for one in place.more_stations
    )
    return _known(
        [
            (_("建物"), "・".join(filter(None, (kind, place.structure)))),
            (_("階数"), _counted(place.floors, _("階建"))),
            (_("エレベーター"), _yes_no(place.lift, _("あり"), _("なし"))),
            (_("築年月"), built(place)),
            (_("耐震"), earthquake(place)),
            (_("郵便番号"), f"〒{place.postal_code}" if place.postal_code else None),
            (_("交通"), ride),
            (_("ほかの駅"), more),
        ]
    )


def _walked(minutes: int | None) -> str:
    return str(_("歩%(n)d分", n=minutes)) if minutes is not None else ""


def built(place: Property) -> str | None:
    """「1986年（昭和61年）4月」"""
    if place.built_year is None:
        return None
    month = _("%(n)d月", n=place.built_month) if place.built_month else ""
    era = format_era_year(date(place.built_year, place.built_month or 12, 28))
    return str(_("%(year)d年（%(era)s）%(month)s", year=place.built_year, era=era, month=month))


def earthquake(place: Property) -> str | None:
    """Which earthquake standard the time of building points to; the approval itself decides."""
    year, month = place.built_year, place.built_month
    if year is None:
        return None
    if year == NEW_STANDARD[0] and month is None:
        return str(_("1981年のため、月を確かめてください（6月1日より前は旧耐震）"))
    new = (year, month or 1) >= NEW_STANDARD
    return str(_("新耐震の時期（1981年6月1日以後）") if new else _("旧耐震の時期（1981年5月以前）"))


def open_questions(home: Home) -> list[str]:
    """What matters for matching and is not known yet."""
    upstairs = home.floor is None or home.floor > 1
    unknown = {
        _("家賃"): home.rent is None and not home.rent_negotiable,
        _("共益費"): home.fee is None and not home.fee_included,
        _("敷金"): home.deposit is None,
        _("礼金"): home.key_money is None,
        _("間取り"): home.rooms is None,
        _("面積"): home.area is None,
        _("階"): home.floor is None,
        _("エレベーター"): upstairs and home.property.lift is None,
        _("車いす"): home.wheelchair is None,
        _("保証人"): home.guarantor_rule is GuarantorRule.UNKNOWN,
        _("緊急連絡先"): home.contact_rule is ContactRule.UNKNOWN,
        _("ペット"): home.pet_rule is PetRule.UNKNOWN,
        _("入居できる時期"): home.available is AvailableKind.UNKNOWN,
        _("地図の場所"): home.property.precision is Precision.NONE,
    }
    return [str(label) for label, is_open in unknown.items() if is_open]


def conditions_in_short(home: Home) -> str:
    """What copying a home's conditions would bring, in one line."""
    amounts = (
        (_("敷金"), home.deposit), (_("礼金"), home.key_money), (_("共益費"), home.fee),
    )  # fmt: skip
    parts = [f"{label} {_yen(value)}" for label, value in amounts if value is not None]
    if home.guarantor_rule is not GuarantorRule.UNKNOWN:
        parts.append(f"{_('保証人')} {GUARANTOR_RULE_LABELS[home.guarantor_rule]}")
    if home.acceptances:
        parts.append(str(_("受け入れの答え%(n)d件", n=len(home.acceptances))))
    return "、".join(parts) or str(_("分かっている条件はまだありません"))
