"""The page with one's calendar addresses, and the calendar itself."""

from flask import Blueprint, Response, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app import links
from app.accounts.services import viewer_of
from app.answers import Answer
from app.audit.models import Deed
from app.db import JAPAN, db, now, separate_session, today
from app.errors import InvalidError, NotFoundError
from app.feeds import services
from app.feeds.ics import calendar_of
from app.feeds.models import CalendarFeed
from app.feeds.schemas import FeedSchema
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import Action, requires
from app.security import saw

bp = Blueprint("feeds", __name__)
PURPOSE = "calendar"


@bp.get("/account/calendar")
@requires(Action.SIGNED_IN)
def feed_page() -> Answer:
    """The addresses in use, and the form for another."""
    return _page(Form(FeedSchema()))


def _page(form: Form) -> str:
    return render_template(
        "feeds/page.html",
        form=form,
        feeds=[(feed, _address(feed)) for feed in services.feeds_of(db.session, current_user.id)],
        most=services.MOST_FEEDS,
    )


def _address(feed: CalendarFeed) -> str:
    token = links.sign(PURPOSE, feed.id, feed.nonce)
    return links.outside() + url_for("feeds.calendar", token=token)


@bp.post("/account/calendar")
@requires(Action.SIGNED_IN)
@creates
def make_feed() -> Answer:
    form = Form(FeedSchema(), typed=request.form)
    if not form.load():
        return _page(form), 422
    try:
        services.make_feed(db.session, user_id=current_user.id, **form.data)
    except InvalidError as error:
        form.refuse(error.fields)
        return _page(form), 422
    flash(_("住所を作りました。この端末に加えるか、ほかの端末に貼り付けてください。"))
    return committed(redirect(url_for("feeds.feed_page"), 303))


@bp.post("/account/calendar/<int:feed_id>/end")
@requires(Action.SIGNED_IN)
def end_feed(feed_id: int) -> Answer:
    services.end_feed(db.session, user_id=current_user.id, feed_id=feed_id, at=now())
    flash(_("この住所を止めました。もう読めません。"))
    return committed(redirect(url_for("feeds.feed_page"), 303))


@bp.get("/calendars/<token>.ics")
@requires(Action.BY_LINK)
def calendar(token: str) -> Answer:
    """What is planned, for whoever holds the address: as much as its owner may know now."""
    try:
        feed, user = services.opened(db.session, links.read(PURPOSE, token))
    except NotFoundError as error:  # read by programs, which want no page
        return Response(error.message, 404, mimetype="text/plain")
    g.viewer = viewer_of(user)
    dated = services.planned(db.session, g.viewer, today())
    saw(Deed.EXPORTED, "calendar_feed", feed.id, fields=("calendar",))
    if feed.last_read_at is None or feed.last_read_at.astimezone(JAPAN).date() < today():
        # Devices ask every hour; that they asked about a household is worth a line a day.
        for case_id in {one.case_id for one in dated if one.case_id is not None}:
            saw(Deed.EXPORTED, "case", case_id, fields=("calendar",))
    _read_now(feed.id)
    file = calendar_of(dated, at=now(), outside=links.outside(), with_names=feed.with_names)
    return Response(file, mimetype="text/calendar")


def _read_now(feed_id: int) -> None:
    """When an address was last read tells its owner whether anything still uses it."""
    with separate_session(write=True) as session:
        session.get_one(CalendarFeed, feed_id).last_read_at = now()
