"""Pages of sheets: the list, making one, one sheet with its recipients."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from app.answers import Answer
from app.audit.models import Deed
from app.cases.consents.texts import current_version, text_of
from app.cases.frame import FormPage, Opened, Section, attempt, conflict_of, opened
from app.cases.queries import SeenCase, get_case
from app.db import db, how_many, now, today
from app.errors import ForbiddenError
from app.forms import Form
from app.idempotency import committed, creates, standings
from app.policy import Action, Presented, Protection, Tier, allows, requires
from app.referrals import queries, services
from app.referrals.blueprint import bp
from app.referrals.page import list_row, sheet_context
from app.referrals.schemas import PaperSheetSchema, SheetSchema
from app.security import acting_organisation, saw, the_viewer

PER_PAGE = 50
SIDES = (("in", "受け取ったシート"), ("out", "つないだシート"))
PERSON = (("name", "alias"), ("age_band", "family"), "protection", ("address", "phone"))
MATTER = ("topics", "main_topic", "told", "wish", "asked")
COPIED = (
    "name", "alias", "age_band", "family", "protection", "address", "phone", "topics",
    "main_topic", "told", "wish",
)  # fmt: skip


@bp.get("/referrals")
@requires(Action.REFERRAL_READ)
def sheet_list() -> Answer:
    viewer = the_viewer()
    side = request.args.get("side", "")
    side = side if side in dict(SIDES) else "in"
    page = request.args.get("page", 1, int)
    first = PER_PAGE * (max(1, min(page, 10_000)) - 1)
    statement = queries.visible_sheets(viewer, side, today=today())
    total = how_many(db.session, statement)
    sheets = queries.page_of(db.session, statement, offset=first, limit=PER_PAGE)
    names = queries.names_for(db.session, sheets)
    return render_template(
        "referrals/list.html",
        rows=[list_row(sheet, viewer, names) for sheet in sheets],
        tabs=[
            {"label": label, "url": url_for("referrals.sheet_list", side=name),
             "current": name == side}
            for name, label in SIDES
        ],
        side=side,
        total=total,
        first=first + 1,
        previous_url=url_for("referrals.sheet_list", side=side, page=page - 1) if first else None,
        next_url=(
            url_for("referrals.sheet_list", side=side, page=page + 1)
            if first + PER_PAGE < total else None
        ),
    )  # fmt: skip


# ------------------------------------------------------------------------------------ making


def _form_page(form: Form, *, title: str, action: str, cancel_url: str, **more: Any) -> FormPage:
    """The page of one sheet: consent first, then whom it goes to, the person and the matter."""
    own = acting_organisation(the_viewer(), Action.REFERRAL_MAKE)
    places = queries.counters(db.session, but=own)
    form.choices = {f"recipients-{n}-to": places for n in range(100)}
    sections = (
        Section(_("はじめに、同意をとる"), ("consent_method", "consent_record")),
        Section(_("紙のこと"), (("on_paper", "consent_on"), "from_office"))
        if "on_paper" in form.schema.fields
        else Section(
            _("送り先"), rows="recipients", columns=("to", "office", "way"), shape="first-wide",
            blank=max(1, 3 - len(form.initial.get("recipients") or ())),
            hint=_("いくつでも一度に送れます。使わない行は空のままで構いません。"),
        ),
        Section(_("相談する人"), PERSON, hint=_("呼び名や年代だけでも作れます。")),
        Section(_("相談の内容"), MATTER),
        Section(_("シートの種類"), ("kind",), folded=True),
    )  # fmt: skip
    return FormPage(
        title=title, form=form, sections=sections, action=action, submit=_("送る"),
        cancel_url=cancel_url, **more,
    )  # fmt: skip


def _drawn(page: FormPage, *, draft: bool = True) -> str:
    return render_template(
        "referrals/form.html",
        page=page,
        draft=draft,
        consent_text=text_of(current_version()),
        text_version=current_version(),
    )


def _of_case(one: Opened) -> dict[str, Any]:
    """What the person's part says at first: only what this viewer sees, and no hidden place."""
    shown = one.shown
    safe = one.case.protection is Protection.NO and one.access.sees(Tier.PLACE)
    names = ("name", "alias", "age_band", "topics", "main_topic")
    values = {name: shown[name] for name in names if shown.shows(name)}
    if shown.shows("protection"):
        values["protection"] = shown.protection
    return values | ({"address": shown.address, "phone": shown.phone} if safe else {})


def _earlier(sheet_id: int) -> tuple[Any, Presented]:
    """A sheet to go on from, as this viewer reads it."""
    seen = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today())
    names = queries.names_for(db.session, [seen.sheet])
    shown = queries.shown_sheet(seen.sheet, seen.access, names)
    if not shown.shows("name"):
        raise ForbiddenError(_("このシートの内容は見られないため、つなぎ直せません。"))
    return seen.sheet, shown


@bp.get("/referrals/new")
@requires(Action.REFERRAL_MAKE)
def new_sheet_page() -> Answer:
    return _new(Form(SheetSchema()), url_for("referrals.make_sheet"), _list())


@bp.post("/referrals")
@requires(Action.REFERRAL_MAKE)
@creates
def make_sheet() -> Answer:
    return _make(url_for("referrals.make_sheet"), _list())


@bp.get("/cases/<int:case_id>/referrals/new")
@requires(Action.REFERRAL_MAKE)
def new_sheet_of_case_page(case_id: int) -> Answer:
    one = case_to_refer(case_id)
    action = url_for("referrals.make_sheet_of_case", case_id=case_id)
    return _new(Form(SheetSchema(), initial=_of_case(one)), action, _cancel(one))


@bp.post("/cases/<int:case_id>/referrals")
@requires(Action.REFERRAL_MAKE)
@creates
def make_sheet_of_case(case_id: int) -> Answer:
    one = case_to_refer(case_id)
    action = url_for("referrals.make_sheet_of_case", case_id=case_id)
    return _make(action, _cancel(one), one=one)


def case_to_refer(case_id: int) -> Opened:
    """A case a sheet may be made from: any the viewer may know of, as whoever meets the person
    may write down what they tell. What stands on the form at first is what this viewer sees.
    """
    one = opened(case_id)
    saw(Deed.VIEWED, "case", case_id, fields=[n for n in ("name", "topics") if one.shown.shows(n)])
    return one


@bp.get("/referrals/<int:sheet_id>/onward")
@requires(Action.REFERRAL_MAKE)
def onward_page(sheet_id: int) -> Answer:
    _sheet, shown = _earlier(sheet_id)
    action = url_for("referrals.pass_on", sheet_id=sheet_id)
    initial = {name: shown[name] for name in COPIED if shown.shows(name)}
    back = url_for("referrals.sheet_page", sheet_id=sheet_id)
    saw(Deed.VIEWED, "referral_sheet", sheet_id, fields=shown.values)
    return _new(Form(SheetSchema(), initial=initial), action, back, title=_("つなぎ直す"))


@bp.post("/referrals/<int:sheet_id>/onward")
@requires(Action.REFERRAL_MAKE)
@creates
def pass_on(sheet_id: int) -> Answer:
    sheet, _shown = _earlier(sheet_id)
    action = url_for("referrals.pass_on", sheet_id=sheet_id)
    return _make(action, url_for("referrals.sheet_page", sheet_id=sheet_id), previous=sheet)


def _list() -> str:
    return url_for("referrals.sheet_list", side="out")


def _cancel(one: Opened) -> str:
    """Back to the case, for those whose role opens case pages."""
    return one.url if allows(one.viewer, Action.CASE_READ) else _list()


def _new(form: Form, action: str, cancel_url: str, title: str | None = None) -> str:
    page = _form_page(form, title=title or _("つなぐシート"), action=action, cancel_url=cancel_url)
    return _drawn(page)


def safe(data: Mapping[str, Any], one: SeenCase | Opened | None) -> Mapping[str, Any]:
    """What was typed, with no place of a household whose danger the writer may not know of."""
    if one is None:
        return data
    return services.safe_values(data, one.case, knows_danger=one.access.sees(Tier.CONTACT))


def _make(action: str, cancel_url: str, one: Opened | None = None, previous: Any = None) -> Answer:
    form = Form(SheetSchema(), typed=request.form)
    made: list[Any] = []
    viewer = the_viewer()
    own = acting_organisation(viewer, Action.REFERRAL_MAKE)
    status = attempt(
        form,
        lambda data: made.append(
            services.make_sheet(
                db.session, values=safe(data, one), organisation_id=own, user_id=viewer.user_id,
                today=today(), now=now(), case=one.case if one else None, previous=previous,
            )
        ),
    )  # fmt: skip
    if status != 200:
        return _new(form, action, cancel_url), status
    [sheet] = made
    flash(
        _("シートを送りました。") if sheet.sent_at else _("下書きにしました。まだ送っていません。")
    )
    return committed(redirect(url_for("referrals.sheet_page", sheet_id=sheet.id), 303))


# ------------------------------------------------------------------------------------- drafts


def _draft(sheet_id: int) -> Any:
    seen = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today())
    if not seen.access.makers_side or not seen.access.access.sees(Tier.CARE):
        raise ForbiddenError(_("シートを直せるのは、作った窓口の人だけです。"))
    return seen.sheet


def _now(sheet: Any) -> dict[str, Any]:
    seen = queries.get_sheet(db.session, sheet.id, the_viewer(), today=today())
    shown = queries.shown_sheet(sheet, seen.access, queries.names_for(db.session, [sheet]))
    rows = [
        {"to": f"o{r.organisation_id}" if r.organisation_id else
         f"p{r.partner_id}" if r.partner_id else "",
         "office": "" if r.organisation_id or r.partner_id else r.office, "way": r.way}
        for r in sheet.recipients
    ]  # fmt: skip
    return dict(shown.values) | {"recipients": rows}


@bp.get("/referrals/<int:sheet_id>/edit")
@requires(Action.REFERRAL_MAKE)
def edit_sheet_page(sheet_id: int) -> Answer:
    sheet = _draft(sheet_id)
    saw(Deed.VIEWED, "referral_sheet", sheet_id, fields=("name", "told"))
    return _edit(sheet, Form(SheetSchema(), initial=_now(sheet)))


@bp.post("/referrals/<int:sheet_id>/edit")
@requires(Action.REFERRAL_MAKE)
def change_sheet(sheet_id: int) -> Answer:
    sheet = _draft(sheet_id)
    form = Form(SheetSchema(), typed=request.form)
    viewer = the_viewer()
    one = None
    if sheet.case_id is not None:
        one = get_case(db.session, sheet.case_id, viewer, today=today())
    status = attempt(
        form,
        lambda data: services.change_draft(
            db.session, sheet=sheet, values=safe(data, one), user_id=viewer.user_id,
            today=today(), now=now(), case=one.case if one else None,
        ),
    )  # fmt: skip
    if status != 200:
        return _edit(_draft(sheet_id), form, stale=status == 409), status
    flash(_("シートを送りました。") if sheet.sent_at else _("書きかえました。まだ送っていません。"))
    return committed(redirect(url_for("referrals.sheet_page", sheet_id=sheet_id), 303))


def _edit(sheet: Any, form: Form, *, stale: bool = False) -> str:
    page = _form_page(
        form,
        title=_("シートを直す"),
        action=url_for("referrals.change_sheet", sheet_id=sheet.id),
        cancel_url=url_for("referrals.sheet_page", sheet_id=sheet.id),
        version=sheet.version if stale else None,
        conflict=(
            conflict_of(form, _now(sheet), record_kind="referral_sheet", record_id=sheet.id)
            if stale else None
        ),
    )  # fmt: skip
    return _drawn(page)


# ------------------------------------------------------------------------------------- paper


@bp.get("/referrals/paper/new")
@requires(Action.REFERRAL_MAKE)
def new_paper_page() -> Answer:
    return _paper(Form(PaperSheetSchema(), initial={"on_paper": today()}))


@bp.post("/referrals/paper")
@requires(Action.REFERRAL_MAKE)
@creates
def take_in_paper() -> Answer:
    form = Form(PaperSheetSchema(), typed=request.form)
    viewer = the_viewer()
    own = acting_organisation(viewer, Action.REFERRAL_MAKE)
    made: list[Any] = []
    status = attempt(
        form,
        lambda data: made.append(
            services.take_in_paper(
                db.session, values=data, organisation_id=own, user_id=viewer.user_id,
                today=today(), now=now(),
            )
        ),
    )  # fmt: skip
    if status != 200:
        return _paper(form), status
    flash(_("紙のシートを記録しました。"))
    return committed(redirect(url_for("referrals.sheet_page", sheet_id=made[0].id), 303))


def _paper(form: Form) -> str:
    page = _form_page(
        form,
        title=_("紙のシートを入力する"),
        action=url_for("referrals.take_in_paper"),
        cancel_url=url_for("referrals.sheet_list"),
        lead=_("紙と同じ順に並んでいます。"),
    )
    page.submit = _("記録する")
    return _drawn(page, draft=False)


# --------------------------------------------------------------------------------- one sheet


@bp.get("/referrals/<int:sheet_id>")
@requires(Action.REFERRAL_READ)
def sheet_page(sheet_id: int) -> Answer:
    seen = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today())
    context = sheet_context(db.session, seen, the_viewer(), today=today())
    if seen.access.access.sees(Tier.CONTACT):
        saw(Deed.VIEWED, "referral_sheet", sheet_id, fields=context["shown"].values)
    return render_template("referrals/sheet.html", **context)


def _standing(sheet_id: int) -> str:
    """How much of a sheet the viewer reads, for answers given again later."""
    access = queries.get_sheet(db.session, sheet_id, the_viewer(), today=today()).access
    return f"{access.access.tier}{access.access.place}"


standings["sheet_id"] = _standing
