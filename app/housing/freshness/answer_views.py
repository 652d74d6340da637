"""The one page an agent or landlord sees: their homes, still vacant or not. No account, no names.

What can be opened here is decided by the signed address alone: this link's homes, until it expires
or is ended.
"""

from flask import redirect, render_template, request, url_for

from app.accounts.models import Organisation
from app.answers import Answer
from app.db import db, now, today
from app.errors import NotFoundError
from app.forms import Form
from app.housing.blueprint import bp
from app.housing.freshness import queries, services, words
from app.housing.freshness.addresses import read_token
from app.housing.freshness.models import AnswerLink
from app.housing.freshness.schemas import OutsideAnswersSchema
from app.idempotency import committed
from app.policy import Action, requires


@bp.get("/answer/<token>")
@requires(Action.BY_LINK)
def answer_page(token: str) -> Answer:
    """The homes asked about, with what was answered so far."""
    link = _link(token)
    initial = {
        "answers": [
            {"home_id": asked.home_id, "answer": asked.answer, "note": asked.note}
            for asked in link.homes
        ]
    }
    return _page(link, token, Form(OutsideAnswersSchema(), initial=initial))


@bp.post("/answer/<token>")
@requires(Action.BY_LINK)
def answer(token: str) -> Answer:
    """Write down the answers; the page then thanks and shows them."""
    link = _link(token)
    if not queries.works(link, now()):
        return _page(link, token, Form(OutsideAnswersSchema()))
    form = Form(OutsideAnswersSchema(), typed=request.form)
    if not form.load():
        page, _status = _page(link, token, form)
        return page, 422
    services.answer_by_link(
        db.session,
        link=link,
        answers={one["home_id"]: (one["answer"], one["note"]) for one in form.data["answers"]},
        at=now(),
        today=today(),
    )
    return committed(redirect(url_for("housing.answer_page", token=token, sent=1), 303))


def _link(token: str) -> AnswerLink:
    named = read_token(token)
    link = queries.link_named(db.session, *named) if named else None
    if link is None:
        raise NotFoundError(
            "このリンクは使えません。届いたメールや紙の番地を、もう一度そのまま開いてください。"
        )
    return link


def _page(link: AnswerLink, token: str, form: Form) -> tuple[str, int]:
    working = queries.works(link, now())
    organisation = db.session.get_one(Organisation, link.organisation_id)
    page = render_template(
        "housing/answer.html",
        organisation=organisation.name,
        contact=link.contact,
        until=link.expires_at,
        homes=[words.asked_home(asked) for asked in link.homes] if working else [],
        form=form,
        token=token,
        works=working,
        sent=bool(request.args.get("sent")),
    )
    return page, 200 if working else 410
