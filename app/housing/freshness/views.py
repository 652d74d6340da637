"""Pages: whom to phone about vacancies, one-tap answers, and the links handed to agents."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.accounts.models import Organisation
from app.answers import Answer, pdf_answer
from app.audit.models import Deed
from app.db import db, now, today
from app.errors import InvalidError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.freshness import queries, services, words
from app.housing.freshness.addresses import address_of
from app.housing.freshness.models import AnswerLink, CheckAnswer
from app.housing.freshness.schemas import (
    AskedSchema,
    CheckSchema,
    ContactCheckSchema,
    LinkSchema,
)
from app.housing.homes.queries import get_home
from app.housing.homes.words import full_name
from app.idempotency import committed, creates
from app.links import new_nonce
from app.policy import Action, Role, requires
from app.printing import qr_svg, render_pdf
from app.security import acting_organisation, saw, the_viewer


@bp.get("/homes/check")
@requires(Action.HOME_EDIT)
def check_page() -> Answer:
    """Whom to phone, what came by link, and the links that are out."""
    form = Form(AskedSchema(), typed=request.args)
    form.load()
    asked = {"show": "phone", "page": 1, **form.data}
    mine = _organisations()
    parts = {"phone": _to_phone, "answers": _answers, "links": _links}
    return render_template(
        "housing/check.html",
        show=asked["show"],
        unread=queries.count_unread(db.session, mine),
        **parts[asked["show"]](asked["page"]),
    )


def _to_phone(page: int) -> dict[str, Any]:
    viewer = the_viewer()
    day, at = today(), now()
    asked = queries.to_ask(db.session, today=day, at=at, user_id=viewer.user_id, page=page)
    cards = [
        words.contact_card(contact, asked, today=day, at=at, user_id=viewer.user_id)
        for contact in asked.contacts
    ]
    return {"asked": asked, "cards": cards, "back": page}


def _answers(_page: int) -> dict[str, Any]:
    found = queries.unread_answers(db.session, _organisations())
    return {
        "answers": [
            {
                "id": check.id,
                "name": full_name(check.home),
                "url": url_for("housing.home_page", home_id=check.home_id),
                "contact": link.contact,
                "at": check.created_at,
                "tag": words.answer_tag(check),
                "note": check.note,
            }
            for check, link in found
        ]
    }


def _links(_page: int) -> dict[str, Any]:
    at = now()
    rows = queries.links_of(db.session, _organisations())
    return {"links": [words.link_row(link, homes, answered, at) for link, homes, answered in rows]}


@bp.post("/homes/<int:home_id>/confirm")
@requires(Action.HOME_EDIT)
def confirm_vacancy(home_id: int) -> Answer:
    """One tap: still vacant, not any more, or nobody answered."""
    home = get_home(db.session, home_id)
    form = Form(CheckSchema(), typed=request.form)
    if not form.load():
        raise InvalidError("「空いている」「もうない」「出なかった」のどれかを選んでください。")
    services.write_check(
        db.session,
        home=home,
        answer=form.data["answer"],
        note=form.data["note"],
        user_id=the_viewer().user_id,
        today=today(),
    )
    if request.form.get("back") == "check":
        return committed(redirect(_back(f"home-{home_id}"), 303))
    flash(
        {
            CheckAnswer.VACANT: _("空きを確かめたことを記録しました。"),
            CheckAnswer.GONE: _("募集を止めました。"),
            CheckAnswer.NO_ANSWER: _("つながらなかったことを記録しました。"),
        }[form.data["answer"]]
    )
    return committed(redirect(url_for("housing.home_page", home_id=home_id), 303))


@bp.post("/homes/check/contact")
@requires(Action.HOME_EDIT)
def check_contact() -> Answer:
    """One answer for all homes of a contact that are due."""
    form = Form(ContactCheckSchema(), typed=request.form)
    if not form.load():
        raise InvalidError("確かめた住戸を選んでください。一覧を開き直してください。")
    services.write_checks(
        db.session,
        homes=queries.homes_by_id(db.session, form.data["homes"]),
        answer=form.data["answer"],
        today=today(),
        user_id=the_viewer().user_id,
    )
    return committed(redirect(_back(f"home-{form.data['homes'][0]}"), 303))


@bp.post("/homes/checks/<int:check_id>/undo")
@requires(Action.HOME_EDIT)
def undo_check(check_id: int) -> Answer:
    """Take an answer back that was tapped by mistake."""
    user_id = the_viewer().user_id
    check = services.own_check(db.session, check_id, user_id=user_id)
    services.undo_check(db.session, check=check, user_id=user_id, at=now())
    return committed(redirect(_back(f"home-{check.home_id}"), 303))


@bp.post("/homes/checks/<int:check_id>/seen")
@requires(Action.HOME_EDIT)
def answer_seen(check_id: int) -> Answer:
    """An answer by link was read here."""
    check = services.answer_by_link_of(db.session, check_id, _organisations())
    services.mark_seen(db.session, check=check, user_id=the_viewer().user_id, at=now())
    return committed(redirect(url_for("housing.check_page", show="answers"), 303))


def _back(anchor: str) -> str:
    page = request.form.get("page", "1")
    return url_for("housing.check_page", page=page if page.isdecimal() else None, _anchor=anchor)


# ------------------------------------------------------------------------------------ links


@bp.post("/homes/links")
@requires(Action.HOME_EDIT)
@creates
def make_link() -> Answer:
    """A link for one contact's homes."""
    viewer = the_viewer()
    form = Form(LinkSchema(), typed=request.form)
    if not form.load():
        raise InvalidError("リンクで確かめる住戸を選んでください。一覧を開き直してください。")
    link = link_for(form.data, acting_organisation(viewer, Action.HOME_EDIT), viewer.user_id)
    return committed(redirect(url_for("housing.link_page", link_id=link.id), 303))


def link_for(data: dict[str, Any], organisation_id: int, user_id: int) -> AnswerLink:
    """Make a link for homes that share one contact. Raises InvalidError when they do not."""
    homes = queries.homes_by_id(db.session, data["homes"])
    keys = {queries.contact_key(home) for home in homes}
    if len(keys) != 1 or keys == {"p"}:
        raise InvalidError(
            "一つのリンクで確かめられるのは、連絡先が同じ住戸だけです。"
            "住戸の「取扱」か「連絡先」を入れてから作ってください。",
            code="contacts_differ",
        )
    contact = queries.contact_of(keys.pop(), homes)
    return services.make_link(
        db.session,
        contact=contact.name or contact.phones[0],
        phone=contact.phones[0] if contact.phones else None,
        homes=homes,
        nonce=new_nonce(),
        days=data["days"],
        organisation_id=organisation_id,
        user_id=user_id,
        at=now(),
    )


@bp.get("/homes/links/<int:link_id>")
@requires(Action.HOME_EDIT)
def link_page(link_id: int) -> Answer:
    """The address to hand over, a letter around it, and what came back."""
    link = queries.get_link(db.session, link_id, _organisations())
    homes = [words.asked_home(asked) for asked in link.homes]
    done = all(home["answered_at"] for home in homes)
    address = address_of(link)
    return render_template(
        "housing/link.html",
        link=link,
        homes=homes,
        address=address,
        state=words.link_state(link, now(), done=done),
        works=queries.works(link, now()),
        letter=words.mail_text(
            link, address, _organisation(link).name, [home["name"] for home in homes]
        ),
    )


@bp.get("/homes/links/<int:link_id>/vacancy-check.pdf")
@requires(Action.HOME_EDIT)
def link_paper(link_id: int) -> Answer:
    """The same on paper, for those who answer by fax."""
    link = queries.get_link(db.session, link_id, _organisations())
    address = address_of(link)
    saw(Deed.PRINTED, "answer_link", link.id)
    data = words.paper(
        link,
        address=address,
        qr_svg=qr_svg(address),
        organisation=_organisation(link).name,
        today=today(),
    )
    return pdf_answer(f"vacancy-check-{link.id}", render_pdf("vacancy_check", data))


@bp.post("/homes/links/<int:link_id>/end")
@requires(Action.HOME_EDIT)
def end_link(link_id: int) -> Answer:
    link = queries.get_link(db.session, link_id, _organisations())
    services.end_link(db.session, link=link, user_id=the_viewer().user_id, at=now())
    flash(_("このリンクは、もう使えません。"))
    return committed(redirect(url_for("housing.link_page", link_id=link_id), 303))


def _organisation(link: AnswerLink) -> Organisation:
    return db.session.get_one(Organisation, link.organisation_id)


def _organisations() -> frozenset[int]:
    return the_viewer().organisations(Role.HOUSING)
