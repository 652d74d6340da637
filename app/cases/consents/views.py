"""What a household agreed to: reading it out, recording it, taking it back; 支援会議 bases."""

from datetime import date
from typing import Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.cases.consents import services
from app.cases.consents.models import CONSENT_METHOD_LABELS, Consent
from app.cases.consents.paper import consent_paper
from app.cases.consents.schemas import ConsentPaperSchema, ConsentSchema, DisclosureSchema
from app.cases.consents.texts import current_version, text_of
from app.cases.frame import (
    FormPage,
    Opened,
    Section,
    attempt,
    bp,
    changing,
    opened,
    render,
)
from app.cases.records import shown_consent, shown_disclosure
from app.cases.story import organisation_names
from app.db import db, now, today
from app.errors import NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import (
    CONSENT_ITEM_LABELS,
    RECIPIENT_LABELS,
    Action,
    ConsentItem,
    OrganisationKind,
    Tier,
    requires,
)
from app.printing import render_pdf
from app.security import saw

NO_CONSENT = "この同意は見つかりません。一覧から選び直してください。"


@bp.get("/cases/<int:case_id>/consents")
@requires(Action.CASE_READ)
def consents_page(case_id: int) -> Answer:
    one = opened(case_id, needs=Tier.CARE)
    return render(
        one,
        "cases/consents.html",
        consents=_consents(one),
        disclosures=_disclosures(one),
        may_change=one.may_change,
        new_url=url_for("cases.new_consent_page", case_id=case_id),
        new_disclosure_url=url_for("cases.new_disclosure_page", case_id=case_id),
    )


def _consents(one: Opened) -> list[dict[str, Any]]:
    names = organisation_names(db.session, {c.organisation_id for c in one.case.consents})
    return [_consent(one, c, names) for c in reversed(one.case.consents)]


def _consent(one: Opened, consent: Consent, names: dict[int | None, str]) -> dict[str, Any]:
    shown = shown_consent(consent, one.access, today=today())
    named = names.get(shown.organisation_id)
    kind = RECIPIENT_LABELS[shown.recipient]
    return {
        "shown": shown,
        "to": f"{kind}（{named}）" if named else kind,
        "items": [CONSENT_ITEM_LABELS[ConsentItem(item)] for item in shown["items"]],
        "method": CONSENT_METHOD_LABELS[shown.method],
        "withdraw_url": url_for(
            "cases.withdraw_consent_page", case_id=one.case.id, consent_id=consent.id
        ),
    }


def _disclosures(one: Opened) -> list[dict[str, Any]]:
    names = organisation_names(db.session, {d.organisation_id for d in one.case.disclosures})
    return [
        {"shown": shown_disclosure(d, one.access), "to": names.get(d.organisation_id, "")}
        for d in reversed(one.case.disclosures)
    ]


@bp.get("/cases/<int:case_id>/consents/new")
@requires(Action.CONSENT_RECORD)
def new_consent_page(case_id: int) -> Answer:
    initial = {"given_on": today(), "ends_on": _in_a_year(today())}
    return _new_consent(changing(case_id), Form(ConsentSchema(), initial=initial))


def _in_a_year(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


@bp.post("/cases/<int:case_id>/consents")
@requires(Action.CONSENT_RECORD)
@creates
def record_consent(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(ConsentSchema(), typed=request.form)
    user_id, day = one.viewer.user_id, today()
    status = attempt(
        form,
        lambda data: services.record_consent(
            db.session, case=one.case, user_id=user_id, today=day, **data
        ),
    )
    if status != 200:
        return _new_consent(changing(case_id), form), status
    flash(_("同意を記録しました。"))
    return committed(redirect(url_for("cases.consents_page", case_id=case_id), 303))


@bp.post("/cases/<int:case_id>/consents/paper.pdf")
@requires(Action.CONSENT_RECORD)
def print_consent(case_id: int) -> Answer:
    """The paper to sign, with what is ticked on the form so far; nothing of the form is kept."""
    one = changing(case_id)
    form = Form(ConsentPaperSchema(), typed=request.form)
    if not form.load():
        return _new_consent(one, form), 422
    names = organisation_names(db.session, {form.data["organisation_id"]})
    data = consent_paper(
        one.case.number,
        db.session.get_one(Organisation, one.case.organisation_id),
        form.data,
        version=current_version(),
        named=names.get(form.data["organisation_id"]),
        today=today(),
    )
    saw(Deed.PRINTED, "case", case_id, fields=("number", "recipient", "items"))
    return pdf_answer(f"consent-{one.case.number}", render_pdf("consent", data))


def _new_consent(one: Opened, form: Form) -> str:
    organisations = services.organisations_of(
        db.session, *services.RECIPIENT_ORGANISATIONS.values()
    )
    page = FormPage(
        title=_("同意をとる"),
        form=form,
        sections=(
            Section("だれに・何を", ("recipient", "organisation_id", "items")),
            Section("どのように・いつまで", ("method", "oral_record", ("given_on", "ends_on"))),
        ),
        action=url_for("cases.record_consent", case_id=one.case.id),
        submit=_("同意を記録する"),
        cancel_url=one.url,
        changes={"organisation_id": {"choices": [(o.id, o.name) for o in organisations]}},
    )
    return render(
        one,
        "cases/consent_new.html",
        page=page,
        paper_url=url_for("cases.print_consent", case_id=one.case.id),
        consent_text=text_of(current_version()),
        text_version=current_version(),
    )


def _find(one: Opened, consent_id: int) -> Consent:
    consent = next((c for c in one.case.consents if c.id == consent_id), None)
    if consent is None:
        raise NotFoundError(NO_CONSENT)
    return consent


@bp.get("/cases/<int:case_id>/consents/<int:consent_id>/withdraw")
@requires(Action.CONSENT_RECORD)
def withdraw_consent_page(case_id: int, consent_id: int) -> Answer:
    one = changing(case_id)
    consent = _find(one, consent_id)
    names = organisation_names(db.session, {consent.organisation_id})
    return render(
        one,
        "cases/consent_withdraw.html",
        consent=_consent(one, consent, names),
        action=url_for("cases.withdraw_consent", case_id=case_id, consent_id=consent_id),
        cancel_url=url_for("cases.consents_page", case_id=case_id),
    )


@bp.post("/cases/<int:case_id>/consents/<int:consent_id>/withdraw")
@requires(Action.CONSENT_RECORD)
def withdraw_consent(case_id: int, consent_id: int) -> Answer:
    one = changing(case_id)
    services.withdraw_consent(
        db.session, consent=_find(one, consent_id), user_id=one.viewer.user_id, at=now()
    )
    flash(_("同意を取りやめました。相手は、いまから見られません。"))
    return committed(redirect(url_for("cases.consents_page", case_id=case_id), 303))


# ----------------------------------------------------------------------------- 支援会議


@bp.get("/cases/<int:case_id>/disclosures/new")
@requires(Action.CASE_EDIT)
def new_disclosure_page(case_id: int) -> Answer:
    form = Form(DisclosureSchema(), initial={"starts_on": today()})
    return _new_disclosure(changing(case_id), form)


@bp.post("/cases/<int:case_id>/disclosures")
@requires(Action.CASE_EDIT)
@creates
def record_disclosure(case_id: int) -> Answer:
    one = changing(case_id)
    form = Form(DisclosureSchema(), typed=request.form)
    user_id = one.viewer.user_id
    status = attempt(
        form,
        lambda data: services.disclose_to_meeting(
            db.session, case=one.case, user_id=user_id, **data
        ),
    )
    if status != 200:
        return _new_disclosure(changing(case_id), form), status
    flash(_("支援会議での共有を記録しました。"))
    return committed(redirect(url_for("cases.consents_page", case_id=case_id), 303))


def _new_disclosure(one: Opened, form: Form) -> str:
    agencies = [
        (o.id, o.name)
        for o in services.organisations_of(db.session, OrganisationKind.CONSULTATION)
        if o.id != one.case.organisation_id
    ]
    page = FormPage(
        title=_("支援会議で共有する"),
        form=form,
        sections=(Section("", ("organisation_id", "legal_basis", ("starts_on", "ends_on"))),),
        action=url_for("cases.record_disclosure", case_id=one.case.id),
        submit=_("共有を記録する"),
        cancel_url=url_for("cases.consents_page", case_id=one.case.id),
        lead=_("同意がないまま相談の内容を伝えられるのは、法律に根拠のある支援会議の中だけです。"),
        changes={"organisation_id": {"choices": agencies}},
    )
    return render(one, "cases/form.html", page=page)
