"""Pages: landlords, one landlord, the log. All for the housing organisation's staff alone."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.answers import Answer, csv_answer
from app.audit.models import Deed
from app.db import db, now, today
from app.errors import InvalidError, NotFoundError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.codes import HOME_STATE_LABELS
from app.housing.homes import words as home_words
from app.housing.landlords import queries, services
from app.housing.landlords.codes import (
    CONTACT_WAY_LABELS,
    PREFERRED_WAY_LABELS,
    REASSURANCE_LABELS,
    WORRY_LABELS,
    ContactKind,
    Reassurance,
    Worry,
)
from app.housing.landlords.models import LandlordContact
from app.housing.landlords.schemas import LandlordContactSchema, LandlordFilterSchema
from app.housing.models import Landlord
from app.housing.panels import tallies_of
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import acting_organisation, saw, the_viewer
from app.wording import day


@bp.get("/landlords")
@requires(Action.HOME_EDIT)
def landlord_list() -> Answer:
    form = Form(LandlordFilterSchema(), typed=MultiDict({"sort": "kana", **request.args}))
    asked = form.data if form.load() else LandlordFilterSchema().load({})
    found = queries.search_landlords(
        db.session, asked["words"], sort=asked["sort"], page=asked["page"]
    )
    kept = {"words": asked["words"] or None, "sort": asked["sort"]}
    first = (found.page - 1) * queries.PER_PAGE + 1 if found.total else 0
    last = min(found.page * queries.PER_PAGE, found.total)
    return render_template(
        "housing/landlord_list.html",
        form=form,
        found=found,
        first=first,
        last=last,
        ways=PREFERRED_WAY_LABELS,
        csv_url=url_for("housing.landlord_csv", **kept),
        previous_url=url_for("housing.landlord_list", **kept, page=found.page - 1)
        if found.page > 1
        else None,
        next_url=url_for("housing.landlord_list", **kept, page=found.page + 1)
        if last < found.total
        else None,
    ), 422 if form.errors else 200


CSV_HEAD = ("番号", "名前", "よみ", "電話", "メール", "連絡できる時間", "希望の連絡方法",
            "してはいけないこと", "心配なこと", "安心につながったこと", "住戸の数")  # fmt: skip


@bp.get("/landlords.csv")
@requires(Action.HOME_EDIT)
def landlord_csv() -> Answer:
    form = Form(LandlordFilterSchema(), typed=request.args)
    asked = form.data if form.load() else LandlordFilterSchema().load({})
    found = queries.search_landlords(
        db.session, asked["words"], sort=asked["sort"], per_page=20_000
    )
    saw(Deed.EXPORTED, "landlord", None)
    rows = (
        [one.id, one.name, one.kana, one.phone, one.email, one.contact_hours,
         PREFERRED_WAY_LABELS[one.preferred_way] if one.preferred_way else None, one.do_not,
         "・".join(_worries(one)), "・".join(_reassured(one)), found.homes.get(one.id, 0)]
        for one in found.landlords
    )  # fmt: skip
    return csv_answer("landlords", CSV_HEAD, rows, today=today())


def _worries(landlord: Landlord) -> list[str]:
    return [WORRY_LABELS[Worry(code)] for code in landlord.worries]


def _reassured(landlord: Landlord) -> list[str]:
    return [REASSURANCE_LABELS[Reassurance(code)] for code in landlord.reassured_by]


@bp.get("/landlords/<int:landlord_id>")
@requires(Action.HOME_EDIT)
def landlord_page(landlord_id: int) -> Answer:
    form = Form(LandlordContactSchema(), initial={"on_day": today()})
    return _page(queries.get_landlord(db.session, landlord_id), form)


def _page(landlord: Landlord, form: Form) -> str:
    saw(Deed.VIEWED, "landlord", landlord.id, fields=("name", "phone"))
    contacts = queries.contacts_of(db.session, landlord.id)
    homes = queries.homes_of(db.session, landlord.id)
    way = landlord.preferred_way
    return render_template(
        "housing/landlord.html",
        landlord=landlord,
        form=form,
        way=PREFERRED_WAY_LABELS[way] if way else None,
        worries=_worries(landlord),
        reassured=_reassured(landlord),
        homes=[
            {
                "url": url_for("housing.home_page", home_id=home.id),
                "name": home_words.full_name(home),
                "rent": home_words.rent(home),
                "state": (HOME_STATE_LABELS[home.state], home_words.STATE_KINDS[home.state]),
            }
            for home in homes
        ],
        tallies=[
            (_("住戸"), len(homes), _("室")),
            *tallies_of(db.session, landlord.id),
            (_("貸主からの相談・紹介"), queries.referrals(contacts), _("件")),
        ],
        contacts=[_entry(one) for one in contacts],
    )


def _entry(contact: LandlordContact) -> dict[str, Any]:
    referral = contact.kind is ContactKind.REFERRAL
    title = _("貸主からの相談・紹介") if referral else CONTACT_WAY_LABELS[contact.way]
    open_ = contact.next_step is not None and contact.next_done_at is None
    late = open_ and contact.next_on is not None and contact.next_on <= today()
    return {
        "id": contact.id,
        "when": day(contact.on_day),
        "iso": contact.on_day.isoformat(),
        "title": f"{title}（{CONTACT_WAY_LABELS[contact.way]}）" if referral else title,
        "by": contact.user.name,
        "kind": "warn" if late else "good" if referral else "",
        "text": contact.text,
        "next": contact.next_step,
        "next_on": contact.next_on,
        "open": open_,
    }


@bp.post("/landlords/<int:landlord_id>/contacts")
@requires(Action.HOME_EDIT)
@creates
def write_contact(landlord_id: int) -> Answer:
    landlord = queries.get_landlord(db.session, landlord_id)
    viewer = the_viewer()
    form = Form(LandlordContactSchema(), typed=request.form)
    if not form.load():
        return _page(landlord, form), 422
    try:
        services.write_contact(
            db.session,
            landlord=landlord,
            values=form.data,
            user_id=viewer.user_id,
            organisation_id=acting_organisation(viewer, Action.HOME_EDIT),
            today=today(),
        )
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(landlord, form), 422
    flash(_("記録しました。"))
    return committed(redirect(url_for("housing.landlord_page", landlord_id=landlord_id), 303))


@bp.post("/landlords/<int:landlord_id>/contacts/<int:contact_id>/done")
@requires(Action.HOME_EDIT)
def finish_next_step(landlord_id: int, contact_id: int) -> Answer:
    contact = db.session.get(LandlordContact, contact_id)
    if contact is None or contact.landlord_id != landlord_id:
        raise NotFoundError(_("この記録は見つかりません。貸主の画面から選び直してください。"))
    services.finish_next_step(db.session, contact=contact, user_id=the_viewer().user_id, at=now())
    flash(_("済んだことを記録しました。続きがあれば、新しい記録に入れてください。"))
    return committed(redirect(url_for("housing.landlord_page", landlord_id=landlord_id), 303))
