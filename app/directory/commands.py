"""`flask import partners --user LOGIN`: the usual sections and organisations, once."""

import json

import click
from flask.cli import with_appcontext

from app.accounts.services import viewer_named
from app.db import separate_session
from app.directory.access import kinds_kept
from app.directory.models import PartnerKind
from app.directory.usual import add_usual_partners
from app.errors import DomainError, ForbiddenError
from app.policy import Action


@click.command("partners")
@click.option("--user", "login", required=True, help="Sign-in name of who takes them in.")
@with_appcontext
def import_partners(login: str) -> None:
    """Register the usual sections and organisations; a second time changes nothing."""
    with separate_session(write=True) as session:
        try:
            viewer = viewer_named(session, login, Action.DIRECTORY_EDIT)
            if PartnerKind.CITY_SECTION not in kinds_kept(viewer):
                raise ForbiddenError(f"利用者 {login} は課や団体を登録できません。")
            added = add_usual_partners(session, user_id=viewer.user_id)
        except DomainError as error:
            raise click.ClickException(error.message) from error
    click.echo(json.dumps({"added": added}))
