"""Recording what a household agreed to, and taking it back; both count from the next request."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import Organisation, OrganisationKindRow
from app.audit.models import Deed
from app.cases.consents.models import (
    Consent,
    ConsentMethod,
    Disclosure,
)
from app.cases.consents.schemas import NO_ITEM
from app.cases.consents.texts import current_version
from app.cases.models import Case
from app.cases.services import note
from app.db import rows_changed
from app.errors import ConflictError, InvalidError
from app.policy import ConsentItem, OrganisationKind, RecipientKind

# The kind of organisation a kind of recipient is; landlords and councils have no account.
RECIPIENT_ORGANISATIONS = {
    RecipientKind.HOUSING_SUPPORT: OrganisationKind.HOUSING_SUPPORT,
    RecipientKind.FOOD_BANK: OrganisationKind.FOOD_BANK,
    RecipientKind.FOLLOW_UP: OrganisationKind.FOLLOW_UP,
    RecipientKind.PARTNER: OrganisationKind.CONSULTATION,
}
LONGEST_DISCLOSURE_DAYS = 366


def record_consent(
    session: Session,
    *,
    case: Case,
    recipient: RecipientKind,
    items: Collection[ConsentItem],
    method: ConsentMethod,
    given_on: date,
    user_id: int,
    today: date,
    organisation_id: int | None = None,
    oral_record: str | None = None,
    ends_on: date | None = None,
) -> Consent:
    """Record a consent to the text in use today.

    Raises InvalidError when nothing is ticked, an oral consent has no record of what was said,
    the dates cannot be, or the organisation is not of the recipient's kind.
    """
    _check_content(items, method, oral_record)
    _check_period(given_on, ends_on, today)
    _check_organisation(session, recipient, organisation_id)
    consent = Consent(
        case_id=case.id,
        recipient=recipient,
        organisation_id=organisation_id,
        items=sorted(item.value for item in items),
        text_version=current_version(),
        method=method,
        oral_record=oral_record or None,
        given_on=given_on,
        ends_on=ends_on,
        recorded_by=user_id,
    )
    session.add(consent)
    session.flush()  # the id is needed by the audit entry
    fields = ("recipient", "organisation_id", "items", "method", "given_on", "ends_on")
    note(session, Deed.CREATED, "consent", consent.id, user_id=user_id, fields=fields)
    return consent


def _check_content(
    items: Collection[ConsentItem], method: ConsentMethod, oral_record: str | None
) -> None:
    if not items:
        raise InvalidError(NO_ITEM, fields={"items": [NO_ITEM]})
    if method is ConsentMethod.ORAL and not (oral_record or "").strip():
        sentence = "口頭の同意は、読み上げた内容と本人の答えを記録してください。"
        raise InvalidError(sentence, fields={"oral_record": [sentence]})


def _check_period(given_on: date, ends_on: date | None, today: date) -> None:
    if given_on > today:
        sentence = "まだ来ていない日です。同意した日を入れてください。"
        raise InvalidError(sentence, fields={"given_on": [sentence]})
    if ends_on is not None and ends_on < given_on:
        sentence = "同意した日より後の日付にしてください。"
        raise InvalidError(sentence, fields={"ends_on": [sentence]})


def _check_organisation(
    session: Session, recipient: RecipientKind, organisation_id: int | None
) -> None:
    if organisation_id is None:
        return
    kind = RECIPIENT_ORGANISATIONS.get(recipient)
    if kind is None or organisation_id not in {o.id for o in organisations_of(session, kind)}:
        sentence = "選んだ団体は、「だれに」で選んだ種類の団体ではありません。"
        raise InvalidError(sentence, fields={"organisation_id": [sentence]})


def organisations_of(session: Session, *kinds: OrganisationKind) -> list[Organisation]:
    """Organisations that are one of these kinds, by name."""
    rows = session.scalars(
        sa.select(Organisation)
        .where(
            sa.exists().where(
                OrganisationKindRow.organisation_id == Organisation.id,
                OrganisationKindRow.kind.in_(kinds),
            )
        )
        .order_by(Organisation.name)
    )
    return list(rows)


def withdraw_consent(session: Session, *, consent: Consent, user_id: int, at: datetime) -> None:
    """Take a consent back; the row stays, dated, and opens nothing from the next request on."""
    withdrawn = session.execute(
        sa.update(Consent)
        .where(Consent.id == consent.id, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=at, withdrawn_by=user_id)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(withdrawn) != 1:
        raise ConflictError("この同意は、すでに取りやめられています。")
    note(session, Deed.CHANGED, "consent", consent.id, user_id=user_id, fields=("withdrawn_at",))


def disclose_to_meeting(
    session: Session,
    *,
    case: Case,
    organisation_id: int,
    legal_basis: str,
    starts_on: date,
    ends_on: date,
    user_id: int,
) -> Disclosure:
    """Open a case without consent to one consultation agency of a 支援会議, for a time.

    Raises InvalidError for a period longer than a year or an organisation that is no agency.
    """
    if not 0 <= (ends_on - starts_on).days <= LONGEST_DISCLOSURE_DAYS:
        sentence = "始まりの日から1年以内の日付にしてください。"
        raise InvalidError(sentence, fields={"ends_on": [sentence]})
    agencies = organisations_of(session, OrganisationKind.CONSULTATION)
    if organisation_id not in {o.id for o in agencies} or organisation_id == case.organisation_id:
        sentence = "会議に加わる、ほかの相談機関を選んでください。"
        raise InvalidError(sentence, fields={"organisation_id": [sentence]})
    disclosure = Disclosure(
        case_id=case.id,
        organisation_id=organisation_id,
        legal_basis=legal_basis,
        starts_on=starts_on,
        ends_on=ends_on,
        recorded_by=user_id,
    )
    session.add(disclosure)
    session.flush()  # the id is needed by the audit entry
    fields = ("organisation_id", "legal_basis", "starts_on", "ends_on")
    note(
        session,
        Deed.CREATED,
        "disclosure",
        disclosure.id,
        user_id=user_id,
        fields=fields,
        basis="支援会議",
    )
    return disclosure
