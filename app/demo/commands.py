"""`flask demo load` and `flask demo users`."""

import json

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import AppGroup, with_appcontext

from app.accounts.models import User
from app.db import separate_session, today
from app.demo import people
from app.demo.story import add_story

demo_group = AppGroup("demo", help="Made-up data for a first look.")


@demo_group.command("load")
@with_appcontext
def load() -> None:
    """Load the demonstration into an empty database."""
    if not load_into_empty():
        raise click.ClickException("データがすでに入っているため、読み込みませんでした。")
    click.echo(sign_ins())


@demo_group.command("users")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of a table.")
@with_appcontext
def users(*, as_json: bool) -> None:
    """Every demonstration sign-in with its roles, its organisation and a fresh API token."""
    with separate_session(write=True) as session:
        found = {
            user.login: user
            for user in session.scalars(
                sa.select(User).where(User.login.in_([u.login for u in people.USERS]))
            )
        }
        tokens = people.fresh_tokens(session, found)
    rows = [
        {
            "login": user.login,
            "password": people.PASSWORD,
            "name": user.name,
            "organisation": user.organisation,
            "roles": [role.value for role in user.roles],
            "token": tokens[user.login],
        }
        for user in people.USERS
        if user.login in tokens
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        roles = ",".join(row["roles"])
        click.echo(f"{row['login']:10} {row['password']}  {roles:22} {row['token']}")


def load_into_empty() -> bool:
    """Load everything in one transaction, unless anybody is registered already."""
    with separate_session(write=True) as session:
        if session.scalar(sa.select(sa.func.count()).select_from(User)):
            return False
        registered = people.add_people(session)
        add_story(session, registered, today=today())
    return True


def sign_ins() -> str:
    """The sign-ins as shown when the service starts."""
    lines = [f"お試し用のサインイン（パスワードはどれも {people.PASSWORD}）"]
    lines += [
        f"  {user.login:10} {people.role_words(user)}（{user.organisation}）"
        for user in people.USERS
    ]
    return "\n".join(lines)


def remember_for_sign_in_page() -> None:
    """Let the sign-in page of a demonstration list its own users."""
    current_app.config["DEMO_USERS"] = [
        (user.login, people.role_words(user), people.PASSWORD) for user in people.USERS
    ]
