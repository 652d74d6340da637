"""`flask import food-ledger FILE --user LOGIN`: a ledger from the command line."""

import json
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext

from app.accounts.services import viewer_named
from app.db import separate_session, today
from app.errors import DomainError
from app.foodbank.ledgers.services import import_ledger
from app.policy import Action
from app.security import acting_organisation


@click.command("food-ledger")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--user", "login", required=True, help="Sign-in name of who takes it in.")
@with_appcontext
def import_food_ledger(file: Path, login: str) -> None:
    """Take a food bank's ledger (CSV or Excel) in; a second time changes nothing."""
    with separate_session(write=True) as session:
        try:
            viewer = viewer_named(session, login, Action.FOOD_RECEIVE)
            result = import_ledger(
                session,
                content=file.read_bytes(),
                file_name=file.name,
                organisation_id=acting_organisation(viewer, Action.FOOD_RECEIVE),
                user_id=viewer.user_id,
                today=today(),
            )
        except DomainError as error:
            raise click.ClickException(error.message) from error
        said: dict[str, Any] = {
            "import_id": result.ledger.id,
            "again": result.again,
            "lots": result.ledger.lot_count,
            "questions": result.ledger.question_count,
            "past": result.ledger.past_count,
            "skipped": result.ledger.skipped_count,
        }
    click.echo(json.dumps(said, ensure_ascii=False))
