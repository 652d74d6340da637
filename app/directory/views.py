"""Pages: whom a desk works with – the list, one partner, the file."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, today
from app.directory import queries
from app.directory.access import access_to, kinds_kept, kinds_seen
from app.directory.blueprint import bp, counts_homes, list_crumb, opened
from app.directory.codes import (
    NETWORK_STEP_LABELS,
    OFFER_LABELS,
    PARTNER_SYSTEM_EXAMPLES,
    PARTNER_SYSTEM_LABELS,
    NetworkStep,
)
from app.directory.models import (
    EMERGENCY_RULE_LABELS,
    PARTNER_KIND_LABELS,
    EmergencyRule,
    Partner,
    PartnerKind,
)
from app.directory.panels import homes_of, traffic_of
from app.directory.records import shown_partner
from app.directory.schemas import PartnerFilterSchema
from app.forms import Form
from app.policy import Action, Presented, Tier, requires
from app.security import saw, the_viewer
from app.wording import day, yen

PER_PAGE = 50
OLD_AFTER = timedelta(days=365)
WITH_HOMES = (PartnerKind.REALTOR, PartnerKind.GUARANTOR_COMPANY)


@bp.get("/partners")
@requires(Action.DIRECTORY_READ)
def partner_list() -> Answer:
    form, asked = _asked()
    found, homes = _found(asked)
    page = max(1, min(asked["page"], -(-len(found) // PER_PAGE)))
    rows = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    kept = _kept(asked)
    return render_template(
        "directory/partner_list.html",
        form=form,
        kind=asked["kind"],
        rows=[_row(one, homes) for one in rows],
        with_homes=counts_homes() and asked["kind"] in {None, *WITH_HOMES},
        tabs=_tabs(asked),
        may_add=asked["kind"] in {None, *kinds_kept(the_viewer())} and kinds_kept(the_viewer()),
        first=(page - 1) * PER_PAGE + 1 if rows else 0,
        total=len(found),
        csv_url=url_for("directory.partner_csv", **kept),
        previous_url=url_for("directory.partner_list", **kept, page=page - 1) if page > 1 else None,
        next_url=url_for("directory.partner_list", **kept, page=page + 1)
        if page * PER_PAGE < len(found)
        else None,
    ), 422 if form.errors else 200


def _asked() -> tuple[Form, Mapping[str, Any]]:
    """The filter as typed; what cannot be read asks for everything and says so."""
    form = Form(PartnerFilterSchema(), typed=MultiDict({"sort": "kana", **request.args}))
    return form, form.data if form.load() else PartnerFilterSchema().load({})


def _kept(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The filter as an address carries it."""
    return {
        "kind": asked["kind"], "system": asked["system"], "offer": asked["offer"],
        "words": asked["words"] or None, "sort": asked["sort"],
        "ended": 1 if asked["ended"] else None,
    }  # fmt: skip


def _found(asked: Mapping[str, Any]) -> tuple[list[Partner], dict[int, int]]:
    """The partners asked for in the order asked for, and how many homes each has."""
    viewer = the_viewer()
    seen = kinds_seen(viewer)
    kinds = seen if asked["kind"] is None else [kind for kind in seen if kind is asked["kind"]]
    wanted = queries.Asked(kinds, asked["words"], asked["system"], asked["offer"], asked["ended"])
    found = queries.find_partners(db.session, wanted, viewer)
    homes = homes_of(db.session, [one.id for one in found]) if counts_homes() else {}
    queries.put_in_order(found, asked["sort"], homes)
    return found, homes


def _row(partner: Partner, homes: Mapping[int, int]) -> dict[str, Any]:
    shown = shown_partner(partner, the_viewer())
    contacts = shown.contacts or []
    return {
        "shown": shown,
        "url": url_for("directory.partner_page", partner_id=partner.id),
        "kind": PARTNER_KIND_LABELS[partner.kind],
        "systems": [PARTNER_SYSTEM_LABELS[system] for system in shown.systems],
        "offers": _offers(shown),
        "contact": contacts[0] if contacts else None,
        "phone": shown.phone or next((row["phone"] for row in contacts if row["phone"]), None),
        "homes": homes.get(partner.id, 0) if partner.kind in WITH_HOMES else None,
    }


def _offers(shown: Presented) -> list[str]:
    return list(dict.fromkeys(OFFER_LABELS[row["offer"]] for row in shown.services))


def _tabs(asked: Mapping[str, Any]) -> list[dict[str, Any]]:
    rest = _kept(asked) | {"kind": None}
    choices: list[PartnerKind | None] = [None, *kinds_seen(the_viewer())]
    return [
        {
            "label": PARTNER_KIND_LABELS[kind] if kind else _("すべて"),
            "url": url_for("directory.partner_list", **(rest | {"kind": kind})),
            "current": kind is asked["kind"],
        }
        for kind in choices
    ]


CSV_HEAD = ("番号", "種類", "属する組織", "名前", "よみ", "ひとことで", "関わる制度", "すること",
            "電話", "担当", "開いている時間", "ファクス", "メール", "ホームページ", "窓口",
            "郵便番号", "住所", "確かめた日", "いまもある", "住戸の数")  # fmt: skip


@bp.get("/partners.csv")
@requires(Action.DIRECTORY_READ)
def partner_csv() -> Answer:
    _form, asked = _asked()
    found, homes = _found(asked)
    saw(Deed.EXPORTED, "partner", None)
    rows = (_csv_row(one, homes) for one in found)
    return csv_answer("partners", CSV_HEAD, rows, today=today())


def _csv_row(partner: Partner, homes: Mapping[int, int]) -> list[Any]:
    shown = shown_partner(partner, the_viewer())
    people = [" ".join(filter(None, (row["role"], row["name"], row["phone"], row["extension"])))
              for row in shown.contacts or ()]  # fmt: skip
    return [
        shown.id, PARTNER_KIND_LABELS[partner.kind], shown.parent, shown.name, shown.kana,
        shown.does, "・".join(PARTNER_SYSTEM_LABELS[system] for system in shown.systems),
        "／".join(row["name"] for row in shown.services), shown.phone, "／".join(people),
        shown.contact_hours, shown.fax, shown.email, shown.web, shown.office, shown.postal_code,
        shown.address, shown.checked_on, _("はい") if shown.active else _("いいえ"),
        homes.get(partner.id, 0) if counts_homes() else None,
    ]  # fmt: skip


@bp.get("/partners/<int:partner_id>")
@requires(Action.DIRECTORY_READ)
def partner_page(partner_id: int) -> Answer:
    partner, viewer = opened(partner_id), the_viewer()
    shown = shown_partner(partner, viewer)
    if shown.contacts:
        saw(Deed.VIEWED, "partner", partner.id, fields=("contacts",))
    counts = partner.kind in WITH_HOMES and counts_homes()
    return render_template(
        "directory/partner.html",
        shown=shown,
        kind=PARTNER_KIND_LABELS[partner.kind],
        breadcrumbs=list_crumb(partner.kind),
        parent_url=url_for("directory.partner_page", partner_id=partner.parent_id)
        if partner.parent_id
        else None,
        may_call=access_to(viewer, partner.kind).sees(Tier.CONTACT),
        may_edit=partner.kind in kinds_kept(viewer),
        services=_services(shown),
        systems=[
            (PARTNER_SYSTEM_LABELS[one], PARTNER_SYSTEM_EXAMPLES[one]) for one in shown.systems
        ],
        sections=queries.sections_of(db.session, partner.id, kinds_seen(viewer)),
        facts=_guarantor_facts(partner),
        homes=homes_of(db.session, [partner.id]).get(partner.id, 0) if counts else None,
        traffic=traffic_of(db.session, viewer, [partner.id], today()).get(partner.id),
        steps=_steps(shown),
        checked=_checked(shown.checked_on),
    )


def _services(shown: Presented) -> list[dict[str, Any]]:
    return [{**row, "offer": OFFER_LABELS[row["offer"]]} for row in shown.services]


def _steps(shown: Presented) -> list[dict[str, Any]] | None:
    """The five steps with their days; None for whoever keeps no such partner."""
    if not shown.shows("steps"):
        return None
    days: Mapping[str, date] = shown.steps
    return [
        {"label": NETWORK_STEP_LABELS[step], "on": days.get(step.value)} for step in NetworkStep
    ]


def _checked(on: date | None) -> tuple[str, str]:
    """When somebody last made sure of what is written here, and how fresh that is."""
    if on is None:
        return _("内容はまだ確かめていません"), "stale"
    state = "ageing" if on < today() - OLD_AFTER else "fresh"
    return _("%(day)sに確認", day=day(on)), state


def _guarantor_facts(partner: Partner) -> Sequence[tuple[str, str | None]]:
    """What a guarantor company asks and takes; None reads 「未確認」."""
    if partner.kind is not PartnerKind.GUARANTOR_COMPANY:
        return []
    rule, first = partner.emergency_rule, partner.first_fee_percent
    return [
        (_("認定家賃債務保証業者"), _answer(partner.certified, _("はい"), _("いいえ"))),
        (_("保証人なしで"), _answer(partner.without_guarantor, _("引き受ける"), _("引き受けない"))),
        (_("緊急連絡先"), None if rule is EmergencyRule.UNKNOWN else EMERGENCY_RULE_LABELS[rule]),
        (_("はじめの保証料（目安）"), None if first is None else _percent(first)),
        (
            _("毎月の保証料（目安）"),
            None if partner.monthly_fee is None else yen(partner.monthly_fee),
        ),
    ]


def _answer(value: bool | None, yes: str, no: str) -> str | None:
    return None if value is None else yes if value else no


def _percent(value: Any) -> str:
    return str(_("家賃の%(n)s％", n=f"{value.normalize():f}"))
