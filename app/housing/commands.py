"""What the command line offers about homes: taking a list in, matching a case, replaying a run."""

import json
from pathlib import Path

import click
import sqlalchemy as sa
from flask import current_app
from flask.cli import with_appcontext

from app.accounts.services import viewer_named
from app.cases.models import Case
from app.cases.queries import get_case
from app.db import db, separate_session, today
from app.errors import DomainError
from app.housing import proposals
from app.housing.batches import commands as batch_commands
from app.housing.candidates.queries import GROUPS, shown_with
from app.housing.candidates.words import Reveal, Words
from app.housing.lists import intake, taking
from app.housing.lists import queries as import_queries
from app.housing.models import MatchRun
from app.policy import Action
from app.security import acting_organisation

HEADINGS = {"fits": "合う", "near": "あと一歩", "unknown": "まだ分からない"}


@click.command("council-list")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--user", "login", required=True, help="Sign-in name of who takes the list in.")
@click.option("--sender", default="", help="Who sent it; told from the list when left out.")
@click.option("--json", "as_json", is_flag=True, help="Counts and problems as JSON.")
@with_appcontext
def import_council_list(file: Path, *, login: str, sender: str, as_json: bool) -> None:
    """Take a residential support council's list in: all of it or nothing."""
    with separate_session(write=True) as session:
        try:
            viewer = viewer_named(session, login, Action.HOME_IMPORT)
            kept = intake.keep_list(
                session,
                content=file.read_bytes(),
                file_name=file.name,
                organisation_id=acting_organisation(viewer, Action.HOME_IMPORT),
                user_id=viewer.user_id,
                today=today(),
                sender_name=sender,
            )
            taking.take_in_now(session, kept=kept, user_id=viewer.user_id)
        except DomainError as error:
            raise click.ClickException(error.message) from error
        found = import_queries.summary(session, kept)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
        return
    counts = found["counts"]
    click.echo(
        f"新しい {counts['new']}件、変わった {counts['changed']}件、同じ {counts['same']}件、"
        f"確かめる {counts['asked']}件、重複 {counts['repeat']}行、"
        f"今月の一覧にない {counts['gone']}件、"
        f"取り込まなかった {counts['problem']}行"
    )
    for row in found["problems"]:
        click.echo(f"  {row['row']}行目: {' '.join(row['reasons'])}")


@click.command("match")
@click.argument("case_number", required=False)
@click.option("--user", "login", help="Sign-in name of who asks.")
@click.option("--json", "as_json", is_flag=True, help="The stored answer as JSON.")
@click.option("--replay", "run_id", type=int, help="Work a stored run out again and compare.")
@click.option("--all", "everybody", is_flag=True, help="Match everybody at once, as one batch.")
@click.option("--replay-batch", "batch_id", type=int, help="The same for a stored batch.")
@with_appcontext
def match(
    case_number: str | None,
    *,
    login: str | None,
    as_json: bool,
    run_id: int | None,
    everybody: bool,
    batch_id: int | None,
) -> None:
    """Rank all vacant homes for a case and keep the run, match everybody, or replay either."""
    if run_id is not None:
        _replay(run_id)
        return
    if batch_id is not None:
        batch_commands.replay_batch(batch_id)
        return
    if everybody:
        batch_commands.match_everybody(login, as_json=as_json)
        return
    if not case_number or not login:
        raise click.UsageError("CASE_NUMBER と --user を指定してください。")
    with separate_session(write=True) as session:
        case_id = session.scalar(sa.select(Case.id).where(Case.number == case_number))
        try:
            viewer = viewer_named(session, login, Action.MATCH_RUN)
            seen = get_case(session, case_id or 0, viewer, today=today())
            run = proposals.ask_and_keep(session, seen.case, user_id=viewer.user_id, today=today())
            answered = proposals.stored(run)
        except DomainError as error:
            raise click.ClickException(error.message) from error
        shown = shown_with(session, answered, today=today())
        words = Words(answered.result, Reveal.of(seen.access), shown)
    with current_app.test_request_context():  # rows carry the addresses of their pages
        _show(words, run.id, as_json=as_json)


def _show(words: Words, run_id: int, *, as_json: bool) -> None:
    rows = {group: words.rows(group) for group in GROUPS}
    if as_json:
        plain = {
            "run": run_id,
            "counts": words.counts(),
            **{
                group: [{"home_id": r["home_id"], "name": r["name"], "reason": r["reason"]}
                        for r in found]
                for group, found in rows.items()
            },
        }  # fmt: skip
        click.echo(json.dumps(plain, ensure_ascii=False, indent=1))
        return
    for group, heading in HEADINGS.items():
        click.echo(f"{heading} {words.counts()[group]}件")
        for row in rows[group]:
            click.echo(f"  {row['name']}　{row['rent']}　{row['change'] or row['reason']}")
    for line in words.failures():
        click.echo(line)
    click.echo(f"記録番号 {run_id}")


def _replay(run_id: int) -> None:
    run = db.session.get(MatchRun, run_id)
    if run is None:
        raise click.ClickException(f"記録 {run_id} はありません。")
    if run.rule_version != proposals.RULE_VERSION:
        raise click.ClickException(
            f"記録 {run_id} は以前の規則（{run.rule_version}）で作られました。"
            f"いまの規則（{proposals.RULE_VERSION}）では、同じ並びになるとは限りません。"
        )
    try:
        again = proposals.replay(db.session, run)
    except DomainError as error:
        raise click.ClickException(error.message) from error
    if again != proposals.canonical(run.result):
        raise click.ClickException(f"記録 {run_id} は、いまの規則では違う答えになります。")
    click.echo(f"記録 {run_id}（{run.rule_version}、{run.run_on}）は同じ答えになりました。")
