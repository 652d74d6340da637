"""What `flask match` offers about batches: making one, and working a stored one out again."""

import json

import click
from flask import current_app

from app.accounts.services import viewer_named
from app.db import db, now, separate_session, today
from app.errors import DomainError
from app.housing.batches import making, page, queries, services
from app.housing.batches.models import BatchState, MatchBatch
from app.housing.proposals.batch import RULE_VERSION
from app.policy import Action
from app.security import acting_organisation

AT_ONCE = 1_000_000  # nobody waits in front of a page here


def match_everybody(login: str | None, *, as_json: bool) -> None:
    """Match everybody whose place the user may know, keep the batch and print its pairs."""
    if not login:
        raise click.UsageError("--user を指定してください。")
    with separate_session(write=True) as session:
        try:
            viewer = viewer_named(session, login, Action.MATCH_RUN)
            batch = making.make_batch(
                session,
                viewer=viewer,
                organisation_id=acting_organisation(viewer, Action.MATCH_RUN),
                today=today(),
                at=now(),
                at_once=AT_ONCE,
            )
        except DomainError as error:
            raise click.ClickException(error.message) from error
        seen = queries.get_batch(session, batch.id, viewer, today=today())
        with current_app.test_request_context():  # rows carry the addresses of their pages
            words = page.words_of(session, seen, today=today())
            rows = page.csv_rows(words)
    if as_json:
        pairs = [dict(zip(page.CSV_HEAD, row, strict=True)) for row in rows]
        click.echo(json.dumps({"batch": batch.id, "pairs": pairs}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo("　".join(str(cell) for cell in row if cell != ""))
    click.echo(f"記録番号 {batch.id}")


def replay_batch(batch_id: int) -> None:
    """Work a stored batch out again and compare."""
    batch = db.session.get(MatchBatch, batch_id)
    if batch is None or batch.state is not BatchState.READY:
        raise click.ClickException(f"一括の記録 {batch_id} はないか、まだ終わっていません。")
    if batch.rule_version != RULE_VERSION:
        raise click.ClickException(
            f"一括の記録 {batch_id} は以前の規則（{batch.rule_version}）で作られました。"
            f"いまの規則（{RULE_VERSION}）では、同じ答えになるとは限りません。"
        )
    if not services.replays(batch):
        raise click.ClickException(f"一括の記録 {batch_id} は、いまの規則では違う答えになります。")
    click.echo(f"一括の記録 {batch_id}（{batch.rule_version}）は同じ答えになりました。")
