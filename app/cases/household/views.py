"""The household: its people one by one, and the numbers they answer."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    conflict_of,
    opened,
    render,
)
from app.cases.household import services
from app.cases.household.schemas import MemberDetailsSchema, PhonesSchema
from app.cases.household.words import member_facts, phone_words
from app.cases.models import RELATION_LABELS, Member, Relation
from app.cases.records import shown_member, shown_phone
from app.db import db, today
from app.errors import NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, Tier, requires

MEMBER_SECTIONS = (
    Section("だれ", (("relation", "sex"), ("name", "kana"), ("born_on", "age"))),
    Section("言葉", (("nationality", "language"),)),
    Section(
        "手帳・介護・学校",
        (("handbook_physical", "handbook_mental"), ("handbook_intellectual", "care_level"),
         "school"),
        hint="あてはまるところだけ。居住支援法人やフードバンクには見えません。",
    ),
    Section("", ("note",)),
)  # fmt: skip


@bp.get("/cases/<int:case_id>/household")
@requires(Action.CASE_READ)
def household_page(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CONTACT)
    may_change = one.may_change and one.access.sees(Tier.CARE)
    return render(
        one,
        "cases/household.html",
        members=[_member_row(one, member) for member in one.case.members],
        phones=_phone_rows(one),
        may_change=may_change,
        new_url=url_for("cases.new_member_page", case_id=case_id),
        phones_url=url_for("cases.phones_page", case_id=case_id),
    )


def _member_row(one: Opened, member: Member) -> dict[str, Any]:
    shown = shown_member(member, one.access, today=today())
    return {
        "title": "　".join(filter(None, (RELATION_LABELS[shown.relation], shown.name))),
        "apart": shown.relation is Relation.APART,
        "facts": member_facts(shown),
        "url": url_for("cases.member_page", case_id=one.case.id, member_id=member.id),
    }


def _phone_rows(one: Opened) -> list[dict[str, Any]] | None:
    """The numbers; None for whoever may not know where the household is."""
    if not one.access.sees(Tier.PLACE):
        return None
    return [phone_words(shown_phone(phone, one.access)) for phone in one.case.phones]


# ----------------------------------------------------------------------------------- members


@bp.get("/cases/<int:case_id>/members/new")
@requires(Action.CASE_EDIT)
def new_member_page(case_id: int) -> Answer:
    one = changing(case_id)
    relation = Relation.OTHER if one.case.members else Relation.SELF
    return _member(one, Form(MemberDetailsSchema(), initial={"version": 0, "relation": relation}))


@bp.post("/cases/<int:case_id>/members")
@requires(Action.CASE_EDIT)
@creates
def add_member(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(MemberDetailsSchema(), typed=request.form)
    status = attempt(form, lambda values: _save(one, None, values))
    if status != 200:
        return _member(changing(case_id), form), status
    flash(_("世帯の人を加えました。"))
    return committed(redirect(url_for("cases.household_page", case_id=case_id), 303))


@bp.get("/cases/<int:case_id>/members/<int:member_id>")
@requires(Action.CASE_EDIT)
def member_page(case_id: int, member_id: int) -> Answer:
    one = changing(case_id)
    member = _the_member(one, member_id)
    return _member(one, Form(MemberDetailsSchema(), initial=_now(one, member)), member)


@bp.post("/cases/<int:case_id>/members/<int:member_id>")
@requires(Action.CASE_EDIT)
def save_member(case_id: int, member_id: int) -> Answer:
    one = changing(case_id)
    member = _the_member(one, member_id)
    form = Form(MemberDetailsSchema(), typed=request.form)
    status = attempt(form, lambda values: _save(one, member, values))
    if status != 200:
        one = changing(case_id)
        return _member(one, form, _the_member(one, member_id), stale=status == 409), status
    flash(_("世帯の人を書きかえました。"))
    return committed(redirect(url_for("cases.household_page", case_id=case_id), 303))


@bp.post("/cases/<int:case_id>/members/<int:member_id>/remove")
@requires(Action.CASE_EDIT)
def remove_member(case_id: int, member_id: int) -> Answer:
    one = changing(case_id)
    member = _the_member(one, member_id)
    services.remove_member(db.session, case=one.case, member=member, user_id=one.viewer.user_id)
    flash(_("世帯の人から外しました。"))
    return committed(redirect(url_for("cases.household_page", case_id=case_id), 303))


def _the_member(one: Opened, member_id: int) -> Member:
    member = next((m for m in one.case.members if m.id == member_id), None)
    if member is None:
        raise NotFoundError(_("この人は、この世帯の一覧にいません。開き直してください。"))
    return member


def _save(one: Opened, member: Member | None, values: Mapping[str, Any]) -> None:
    services.save_member(
        db.session,
        case=one.case,
        member=member,
        version=values["version"],
        values=values,
        user_id=one.viewer.user_id,
        today=today(),
    )


def _now(one: Opened, member: Member) -> dict[str, Any]:
    return dict(shown_member(member, one.access, today=today()).values) | {"age": member.age}


def _member(one: Opened, form: Form, member: Member | None = None, *, stale: bool = False) -> str:
    case_id = one.case.id
    action = (
        url_for("cases.add_member", case_id=case_id)
        if member is None
        else url_for("cases.save_member", case_id=case_id, member_id=member.id)
    )
    page = FormPage(
        title=_("世帯の人を加える") if member is None else _("世帯の人"),
        form=form,
        sections=MEMBER_SECTIONS,
        action=action,
        submit=_("記録する"),
        cancel_url=url_for("cases.household_page", case_id=case_id),
        version=member.version if member and stale else None,
        conflict=(
            conflict_of(form, _now(one, member), record_kind="member", record_id=member.id)
            if member and stale
            else None
        ),
    )
    remove_url = member and url_for("cases.remove_member", case_id=case_id, member_id=member.id)
    return render(one, "cases/member.html", page=page, remove_url=remove_url)


# ------------------------------------------------------------------------------------ phones


@bp.get("/cases/<int:case_id>/phones")
@requires(Action.CASE_EDIT)
def phones_page(case_id: int) -> Answer:
    one = changing(case_id, needs=Tier.PLACE)
    return _phones(one, Form(PhonesSchema(), initial=_phones_now(one)))


@bp.post("/cases/<int:case_id>/phones")
@requires(Action.CASE_EDIT)
def save_phones(case_id: int) -> Answer:
    one = changing(case_id, needs=Tier.PLACE)
    form = Form(PhonesSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form, lambda data: services.save_phones(db.session, case=one.case, user_id=user_id, **data)
    )
    if status != 200:
        return _phones(changing(case_id, needs=Tier.PLACE), form, stale=status == 409), status
    flash(_("電話を書きかえました。"))
    return committed(redirect(url_for("cases.household_page", case_id=case_id), 303))


def _phones_now(one: Opened) -> dict[str, Any]:
    phones = [dict(shown_phone(phone, one.access).values) for phone in one.case.phones]
    return {"version": one.case.version, "phones": phones}


def _phones(one: Opened, form: Form, *, stale: bool = False) -> str:
    page = FormPage(
        title=_("電話"),
        form=form,
        sections=(
            Section(
                "",
                hint="いちばん上の番号が、一覧や紙に出ます。番号を消して記録すると、その行はなくなります。",
                rows="phones",
                each="番め",
                columns=("number", "whose", "best_time", "voicemail", "secret", "note"),
                blank=1,
            ),
        ),
        action=url_for("cases.save_phones", case_id=one.case.id),
        submit=_("記録する"),
        cancel_url=url_for("cases.household_page", case_id=one.case.id),
        version=one.case.version if stale else None,
        conflict=(
            conflict_of(form, _phones_now(one), record_kind="case", record_id=one.case.id)
            if stale
            else None
        ),
    )
    return render(one, "cases/form.html", page=page)
