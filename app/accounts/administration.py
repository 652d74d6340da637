"""Pages for organisation admins and system managers: who signs in, and with which roles."""

import sqlalchemy as sa
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from app.accounts import services
from app.accounts.models import Organisation, RoleMembership, User
from app.accounts.schemas import RolesSchema, UserSchema
from app.accounts.views import bp
from app.answers import Answer
from app.audit.models import Deed
from app.audit.services import record
from app.db import db
from app.errors import ForbiddenError, InvalidError, NotFoundError
from app.forms import Form
from app.idempotency import committed, creates
from app.policy import ROLE_LABELS, Action, Role, requires

# What an organisation's own admin may not give: it would reach beyond the organisation.
BEYOND_ONE_ORGANISATION = frozenset({Role.SYSADMIN})


def managed_organisations() -> list[Organisation]:
    """The organisations whose users the signed-in person looks after."""
    viewer = services.viewer_of(current_user)
    statement = sa.select(Organisation).order_by(Organisation.name)
    if Role.SYSADMIN not in viewer.roles():
        statement = statement.where(Organisation.id.in_(viewer.organisations(Role.ORG_ADMIN)))
    return list(db.session.scalars(statement))


def _managed_user(user_id: int) -> User:
    organisations = {o.id for o in managed_organisations()}
    user = db.session.get(User, user_id)
    if user is None or not organisations & {m.organisation_id for m in user.memberships}:
        raise NotFoundError(_("この利用者は見つかりません。"))
    return user


@bp.get("/users")
@requires(Action.USER_MANAGE)
def user_list() -> Answer:
    organisations = managed_organisations()
    users = db.session.scalars(
        sa.select(User)
        .where(
            User.memberships.any(RoleMembership.organisation_id.in_([o.id for o in organisations]))
        )
        .order_by(User.active.desc(), User.login)
    ).all()
    return render_template(
        "accounts/users.html",
        organisations=organisations,
        users=users,
        managed={o.id for o in organisations},
        role_labels=ROLE_LABELS,
    )


def _user_form(typed: MultiDict[str, str] | None = None) -> Form:
    choices = {"organisation_id": [(o.id, o.name) for o in managed_organisations()]}
    return Form(UserSchema(), choices=choices, typed=typed)


@bp.get("/users/new")
@requires(Action.USER_MANAGE)
def new_user_page() -> Answer:
    return render_template("accounts/new_user.html", form=_user_form())


@bp.post("/users")
@requires(Action.USER_MANAGE)
@creates
def create_user() -> Answer:
    form = _user_form(typed=request.form)
    if not form.load():
        return render_template("accounts/new_user.html", form=form), 422
    try:
        user = _add(form.data)
    except (InvalidError, IntegrityError) as error:
        db.session.rollback()
        taken = {"login": [_("この利用者名は、すでに使われています。")]}
        form.refuse(error.fields if isinstance(error, InvalidError) else taken)
        return render_template("accounts/new_user.html", form=form), 422
    _record(Deed.CREATED, user, "login", "roles")
    flash(_("%(name)sさんを登録しました。", name=user.name))
    return committed(redirect(url_for("accounts.user_list"), 303))


def _add(typed: dict[str, object]) -> User:
    organisation = _managed_organisation(int(str(typed["organisation_id"])))
    roles = _grantable(typed["roles"])
    if not roles:
        words = _("役割をひとつ以上選んでください。")
        raise InvalidError(words, fields={"roles": [words]})
    return services.add_user(
        db.session,
        login=str(typed["login"]),
        name=str(typed["name"]),
        password=str(typed["password"]),
        roles=[(organisation, role) for role in roles],
    )


def _managed_organisation(organisation_id: int) -> Organisation:
    for organisation in managed_organisations():
        if organisation.id == organisation_id:
            return organisation
    raise NotFoundError(_("この組織は見つかりません。"))


def _grantable(chosen: object) -> list[Role]:
    roles = [Role(role) for role in chosen]  # type: ignore[attr-defined]
    mine = services.viewer_of(current_user).roles()
    if BEYOND_ONE_ORGANISATION & set(roles) and Role.SYSADMIN not in mine:
        raise ForbiddenError(_("システム管理の役割は、システム管理者だけが付けられます。"))
    return roles


@bp.get("/users/<int:user_id>")
@requires(Action.USER_MANAGE)
def user_page(user_id: int) -> Answer:
    return _user_page(_managed_user(user_id))


def _user_page(user: User) -> str:
    forms = []
    for organisation in managed_organisations():
        held = [m.role for m in user.memberships if m.organisation_id == organisation.id]
        forms.append((organisation, Form(RolesSchema(), initial={"roles": held})))
    return render_template(
        "accounts/user.html",
        user=user,
        forms=[(o, f) for o, f in forms if o.id in {m.organisation_id for m in user.memberships}],
        is_self=user.id == current_user.id,
    )


@bp.post("/users/<int:user_id>/organisations/<int:organisation_id>/roles")
@requires(Action.USER_MANAGE)
def change_roles(user_id: int, organisation_id: int) -> Answer:
    user = _managed_user(user_id)
    organisation = _managed_organisation(organisation_id)
    form = Form(RolesSchema(), typed=request.form)
    if not form.load():
        raise InvalidError(_("役割を選び直してください。"), fields=form.errors)
    others = [
        (m.organisation, m.role) for m in user.memberships if m.organisation_id != organisation.id
    ]
    wanted = [(organisation, role) for role in _grantable(form.data["roles"])]
    if user.id == current_user.id:
        raise ForbiddenError(_("自分の役割は変えられません。ほかの管理者に頼んでください。"))
    services.set_roles(db.session, user, [*others, *wanted])
    _record(Deed.CHANGED, user, "roles")
    flash(_("役割を変えました。%(name)sさんは、もう一度サインインします。", name=user.name))
    return committed(redirect(url_for("accounts.user_list"), 303))


@bp.post("/users/<int:user_id>/off")
@requires(Action.USER_MANAGE)
def switch_user_off(user_id: int) -> Answer:
    user = _managed_user(user_id)
    if user.id == current_user.id:
        raise ForbiddenError(_("自分を止めることはできません。ほかの管理者に頼んでください。"))
    services.switch_off(db.session, user)
    _record(Deed.CHANGED, user, "active")
    flash(_("%(name)sさんのサインインを止めました。", name=user.name))
    return committed(redirect(url_for("accounts.user_list"), 303))


@bp.post("/users/<int:user_id>/on")
@requires(Action.USER_MANAGE)
def switch_user_on(user_id: int) -> Answer:
    user = _managed_user(user_id)
    user.active = True
    _record(Deed.CHANGED, user, "active")
    flash(_("%(name)sさんは、またサインインできます。", name=user.name))
    return committed(redirect(url_for("accounts.user_list"), 303))


@bp.post("/organisations/<int:organisation_id>/second-factor")
@requires(Action.USER_MANAGE)
def require_second_factor(organisation_id: int) -> Answer:
    organisation = _managed_organisation(organisation_id)
    organisation.requires_second_factor = request.form.get("required") == "1"
    record(
        db.session,
        deed=Deed.CHANGED,
        record_kind="organisation",
        record_id=organisation.id,
        user_id=current_user.id,
        fields=("requires_second_factor",),
    )
    flash(_("二段階の確認の決まりを変えました。"))
    return committed(redirect(url_for("accounts.user_list"), 303))


def _record(deed: Deed, user: User, *fields: str) -> None:
    record(
        db.session,
        deed=deed,
        record_kind="user",
        record_id=user.id,
        user_id=current_user.id,
        fields=fields,
    )
