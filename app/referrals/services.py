"""Making, sending, receiving and answering a sheet; taking the consent to it back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from app.accounts.models import Organisation
from app.audit.models import Deed
from app.cases.consents.models import ConsentMethod
from app.cases.consents.services import record_consent, withdraw_consent
from app.cases.intake import services as receiving
from app.cases.models import AgeBand, Case, Route
from app.cases.services import note
from app.cases.versions import check_version, flushed
from app.db import UtcDateTime, insert_or_update, rows_changed
from app.directory.models import Partner, PartnerKind
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.policy import ConsentItem, OrganisationKind, Presented, Protection, RecipientKind
from app.referrals.access import consent_holds, protection_of
from app.referrals.codes import RecipientState, Result, SheetKind, Way
from app.referrals.models import ReferralRecipient, ReferralSheet, SheetCounter

NO_CONSENT = "先に、伝えてよいかを本人に確かめて記録してください。同意がないと送れません。"
NO_RECIPIENT = "送り先を一つ以上選んでください。"
CASE_ALREADY = "このシートからは、もう相談を受け付けています。"
NOBODY = "氏名・呼び名・年代のどれか一つを入れてください。"
PERSON = (
    "name", "alias", "age_band", "family", "protection", "address", "phone", "topics",
    "main_topic", "told", "wish", "asked",
)  # fmt: skip


def safe_values(
    values: Mapping[str, Any], case: Case | None, *, knows_danger: bool
) -> Mapping[str, Any]:
    """What was typed; whoever may not know of the household's danger cannot say there is none.

    Then the sheet reads 「まだ確かめていない」: no address goes along, and nothing is told.
    """
    if case is None or knows_danger or case.protection is Protection.NO:
        return values
    if values["protection"] is not Protection.NO:
        return values
    return {**values, "protection": Protection.UNKNOWN}


def next_number(session: Session, *, year: int) -> str:
    """The next free number of a year, T-2026-0001. Whoever comes second waits for the first."""
    counter = SheetCounter.__table__
    taken = session.scalar(
        insert_or_update(session, SheetCounter)
        .values(year=year, last=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": counter.c.last + 1})
        .returning(counter.c.last)
    )
    return f"T-{year:04d}-{taken:04d}"


def make_sheet(
    session: Session,
    *,
    values: Mapping[str, Any],
    organisation_id: int,
    user_id: int,
    today: date,
    now: datetime,
    case: Case | None = None,
    previous: ReferralSheet | None = None,
) -> ReferralSheet:
    """A sheet from the values of `SheetSchema`, sent at once when they say so.

    Raises InvalidError for nobody, for sending without consent or without anybody to send to.
    """
    sheet = ReferralSheet(
        number=next_number(session, year=today.year),
        organisation_id=organisation_id,
        made_by=user_id,
        made_on=today,
        case_id=case.id if case else None,
        previous_id=previous.id if previous else None,
        recipients=[],
        consent=None,
    )
    _fill(session, sheet, values)
    session.add(sheet)
    session.flush()  # the id is needed by the audit entry and the page to go to
    _consent(session, sheet, values, case, user_id=user_id, today=today)
    note(
        session, Deed.CREATED, "referral_sheet", sheet.id, user_id=user_id,
        fields=(*_told(sheet), "recipients"),
    )  # fmt: skip
    if values.get("send"):
        send_sheet(session, sheet=sheet, user_id=user_id, today=today, now=now)
    return sheet


def change_draft(
    session: Session,
    *,
    sheet: ReferralSheet,
    values: Mapping[str, Any],
    user_id: int,
    today: date,
    now: datetime,
    case: Case | None = None,
) -> None:
    """Correct a sheet that was not sent. Raises StaleError when somebody was first."""
    check_version(sheet, values["version"])
    if sheet.sent_at is not None:
        raise ConflictError(
            "このシートはもう送られました。直すときは、新しいシートを作ってください。"
        )

    def act() -> None:
        sheet.recipients.clear()
        session.flush()  # the old lines go before new ones for the same counter come
        _fill(session, sheet, values)
        _consent(session, sheet, values, case, user_id=user_id, today=today)
        sheet.made_on = today  # so that the version moves on, whatever was changed
        flag_modified(sheet, "made_on")

    flushed(session, act)
    note(
        session, Deed.CHANGED, "referral_sheet", sheet.id, user_id=user_id,
        fields=(*_told(sheet), "recipients"),
    )  # fmt: skip
    if values.get("send"):
        send_sheet(session, sheet=sheet, user_id=user_id, today=today, now=now)


def take_in_paper(
    session: Session,
    *,
    values: Mapping[str, Any],
    organisation_id: int,
    user_id: int,
    today: date,
    now: datetime,
) -> ReferralSheet:
    """A sheet that came on paper: already consented to, sent and received.

    Raises InvalidError for a day to come, no consent, or nobody.
    """
    for name in ("on_paper", "consent_on"):
        if values[name] > today:
            sentence = "まだ来ていない日です。きょうまでの日付を入れてください。"
            raise InvalidError(sentence, fields={name: [sentence]})
    if values.get("consent_method") is None:
        sentence = "紙の同意の欄を確かめ、どのように同意したかを選んでください。"
        raise InvalidError(sentence, fields={"consent_method": [sentence]})
    own = session.get_one(Organisation, organisation_id)
    sheet = ReferralSheet(
        number=next_number(session, year=today.year),
        kind=SheetKind.REFERRAL,
        organisation_id=organisation_id,
        made_by=user_id,
        made_on=values["consent_on"],
        from_office=values["from_office"],
        on_paper=values["on_paper"],
        sent_at=now,
        consent=None,
        recipients=[
            ReferralRecipient(
                organisation_id=own.id, office=own.name, way=Way.HANDED,
                state=RecipientState.RECEIVED, received_at=now,
            )
        ],
    )  # fmt: skip
    _fill(session, sheet, values)
    _consent(session, sheet, values, None, user_id=user_id, today=values["consent_on"])
    session.add(sheet)
    session.flush()  # the id is needed by the audit entry and the page to go to
    fields = (*_told(sheet), "recipients", "received_on")
    note(session, Deed.CREATED, "referral_sheet", sheet.id, user_id=user_id, fields=fields)
    return sheet


def _told(sheet: ReferralSheet) -> list[str]:
    """Names of what the sheet says, never what it says."""
    return [name for name in PERSON if getattr(sheet, name)]


def _fill(session: Session, sheet: ReferralSheet, values: Mapping[str, Any]) -> None:
    unknown = values["age_band"] is AgeBand.UNKNOWN
    if not (values["name"] or values["alias"]) and unknown:
        raise InvalidError(NOBODY, fields={"name": [NOBODY]})
    for name in PERSON:
        setattr(sheet, name, values[name] if values[name] != "" else None)
    topics = [topic.value for topic in values["topics"]]
    main = values["main_topic"]
    sheet.topics = topics if main is None or main.value in topics else [*topics, main.value]
    if "kind" in values:
        sheet.kind = values["kind"]
    if "recipients" in values:
        sheet.recipients += _recipients(session, sheet, values["recipients"])


def _recipients(
    session: Session, sheet: ReferralSheet, rows: Sequence[Mapping[str, Any]]
) -> list[ReferralRecipient]:
    return [_recipient(session, sheet, row["row"], row) for row in rows]


def _recipient(
    session: Session, sheet: ReferralSheet, number: int, row: Mapping[str, Any]
) -> ReferralRecipient:
    """One counter; raises InvalidError for one that is not there or a way it cannot be reached."""
    to, way = row["to"], row["way"]
    one = ReferralRecipient(office=row["office"], way=way, state=RecipientState.DRAFT)
    known = _known(session, to)
    if to:
        if known is None or (to[0] == "o" and known.id == sheet.organisation_id):
            sentence = "この窓口は選べません。一覧から選び直してください。"
            raise InvalidError(sentence, fields={f"recipients-{number}-to": [sentence]})
        one.office = known.name
        if isinstance(known, Organisation):
            one.organisation_id = known.id
        else:
            one.partner_id = known.id
    if way is Way.ELECTRONIC and one.organisation_id is None:
        sentence = "この窓口には、このシステムでは届きません。ほかの渡し方を選んでください。"
        raise InvalidError(sentence, fields={f"recipients-{number}-way": [sentence]})
    return one


def _known(session: Session, to: str) -> Organisation | Partner | None:
    if not to:
        return None
    number = int(to[1:])
    if to[0] == "o":
        return session.get(Organisation, number)
    partner = session.get(Partner, number)
    return None if partner is None or partner.kind is PartnerKind.DONOR else partner


# ----------------------------------------------------------------------------------- consent


def _consent(
    session: Session,
    sheet: ReferralSheet,
    values: Mapping[str, Any],
    case: Case | None,
    *,
    user_id: int,
    today: date,
) -> None:
    """Record the consent once: with a case among the case's, else on the sheet."""
    method = values.get("consent_method")
    record = (values.get("consent_record") or "").strip()
    if method is None or sheet.consent_on is not None:
        return
    if method is ConsentMethod.ORAL and not record:
        sentence = "口頭の同意は、読み上げた内容と本人の答えを記録してください。"
        raise InvalidError(sentence, fields={"consent_record": [sentence]})
    if case is not None:
        sheet.consent = record_consent(
            session, case=case, recipient=RecipientKind.REFERRAL,
            items=(ConsentItem.CONTACT, ConsentItem.CARE), method=method, given_on=today,
            oral_record=record or None, user_id=user_id, today=today,
        )  # fmt: skip
    sheet.consent_method, sheet.consent_on = method, today
    sheet.consent_record = record or None


def withdraw(session: Session, *, sheet: ReferralSheet, user_id: int, at: datetime) -> None:
    """Take the consent to this sheet back: from the next request on no recipient reads it.

    The consent the case keeps for it is taken back with it, so that the two never disagree.
    """
    done = session.execute(
        sa.update(ReferralSheet)
        .where(
            ReferralSheet.id == sheet.id,
            ReferralSheet.consent_on.is_not(None),
            ReferralSheet.consent_withdrawn_at.is_(None),
        )
        .values(consent_withdrawn_at=at, version=ReferralSheet.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(done) != 1:
        raise ConflictError("このシートの同意は、すでに取りやめられているか、まだありません。")
    fields = ("withdrawn_at",)
    note(session, Deed.CHANGED, "referral_sheet", sheet.id, user_id=user_id, fields=fields)
    if sheet.consent is not None and sheet.consent.withdrawn_at is None:
        withdraw_consent(session, consent=sheet.consent, user_id=user_id, at=at)


def demand_consent(sheet: ReferralSheet, *, today: date) -> None:
    """Raise ForbiddenError unless the person's consent to this sheet is in force."""
    if not consent_holds(sheet, today=today):
        raise ForbiddenError(NO_CONSENT, code="consent_required")


# --------------------------------------------------------------------------- sent and answered


def send_sheet(
    session: Session, *, sheet: ReferralSheet, user_id: int, today: date, now: datetime
) -> None:
    """Hand a draft to its recipients. Raises InvalidError without consent or without any."""
    if not consent_holds(sheet, today=today):
        raise InvalidError(NO_CONSENT, fields={"consent_method": [NO_CONSENT]})
    if not sheet.recipients:
        raise InvalidError(NO_RECIPIENT, fields={"recipients-0-to": [NO_RECIPIENT]})
    sent = session.execute(
        sa.update(ReferralSheet)
        .where(ReferralSheet.id == sheet.id, ReferralSheet.sent_at.is_(None))
        .values(sent_at=now, version=ReferralSheet.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(sent) != 1:
        raise ConflictError("このシートは、すでに送られています。")
    session.refresh(sheet)  # the update went past the object in hand
    for recipient in sheet.recipients:
        recipient.state = RecipientState.SENT
    note(session, Deed.CHANGED, "referral_sheet", sheet.id, user_id=user_id, fields=("sent_at",))


def _moved(
    session: Session,
    recipient: ReferralRecipient,
    states: Sequence[RecipientState],
    **values: Any,
) -> None:
    """Change a recipient's state, unless somebody was first."""
    moved = session.execute(
        sa.update(ReferralRecipient)
        .where(ReferralRecipient.id == recipient.id, ReferralRecipient.state.in_(states))
        .values(**values)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(moved) != 1:
        raise ConflictError("ほかの人が先に記録しました。画面を開き直して確かめてください。")


def receive(
    session: Session,
    *,
    recipient: ReferralRecipient,
    received_by: str,
    user_id: int,
    at: datetime,
) -> None:
    """Note that a counter has the sheet, and who took it there."""
    _moved(
        session, recipient, (RecipientState.SENT,),
        state=RecipientState.RECEIVED, received_at=at, received_by=received_by or None,
    )  # fmt: skip
    _note(session, recipient, user_id, "received_on")


def answer(
    session: Session,
    *,
    recipient: ReferralRecipient,
    result: Result,
    done: str,
    next_step: str,
    answered_by: str,
    user_id: int,
    at: datetime,
) -> None:
    """Tell the first counter what was done. Answering a sheet not yet received receives it.

    Raises InvalidError when nothing is said to have been done.
    """
    if not done:
        sentence = "したことを入力してください。"
        raise InvalidError(sentence, fields={"done": [sentence]})
    _moved(
        session, recipient, (RecipientState.SENT, RecipientState.RECEIVED),
        state=RecipientState.ANSWERED, result=result, done=done, next_step=next_step or None,
        answered_by=answered_by or None, answered_at=at,
        received_at=sa.func.coalesce(ReferralRecipient.received_at, sa.literal(at, UtcDateTime())),
    )  # fmt: skip
    _note(session, recipient, user_id, "answer")


def close(session: Session, *, recipient: ReferralRecipient, user_id: int) -> None:
    """The first counter has read the answer; nothing waits any more."""
    _moved(session, recipient, (RecipientState.ANSWERED,), state=RecipientState.CLOSED)
    _note(session, recipient, user_id, "state")


def open_case(
    session: Session,
    *,
    sheet: ReferralSheet,
    shown: Presented,
    recipient: ReferralRecipient,
    organisation_id: int,
    user_id: int,
    today: date,
) -> Case:
    """A case of the recipient from what they may read of the sheet; the route is the sender.

    Raises ConflictError when there is one already – of two pressing at once the database lets one
    through, and the other's case is given back with its transaction.
    """
    if recipient.case_id is not None:
        raise ConflictError(CASE_ALREADY)
    sender = session.get_one(Organisation, sheet.organisation_id)
    outside = sheet.from_office is None and OrganisationKind.CITY_SECTION not in sender.kinds
    intake = {n: shown[n] or "" for n in ("name", "alias", "address", "phone")}
    case = receiving.register_case(
        session,
        intake={
            **intake,
            "age_band": shown["age_band"] or AgeBand.UNKNOWN,
            "protection": protection_of(sheet),
            "topics": list(shown["topics"] or []),
            "main_topic": shown["main_topic"],
            "story": "\n".join(filter(None, (shown["told"], shown["wish"], shown["asked"]))),
            "route": Route.OUTSIDE if outside else Route.INSIDE,
            "route_detail": sheet.from_office or sender.name,
            "law8": sheet.kind is SheetKind.LAW8,
        },
        organisation_id=organisation_id,
        user_id=user_id,
        today=today,
    )
    taken = session.execute(
        sa.update(ReferralRecipient)
        .where(ReferralRecipient.id == recipient.id, ReferralRecipient.case_id.is_(None))
        .values(case_id=case.id)
        .execution_options(synchronize_session="fetch")
    )
    if rows_changed(taken) != 1:
        raise ConflictError(CASE_ALREADY)
    _note(session, recipient, user_id, "case_id")
    return case


def _note(session: Session, recipient: ReferralRecipient, user_id: int, field: str) -> None:
    note(
        session, Deed.CHANGED, "referral_sheet", recipient.sheet_id, user_id=user_id,
        fields=(field,),
    )  # fmt: skip
