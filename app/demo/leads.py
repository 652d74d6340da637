"""The demonstration's list to call: borrowers of the special loans, some called, all made up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.db import now
from app.leads import importing, linking, services
from app.leads.codes import CallResult
from app.leads.models import Lead, LeadList
from app.leads.schemas import AgreementSchema, DetailsSchema, UploadSchema

HEAD = "貸付番号,氏名,フリガナ,生年月日,住所,電話番号,貸付種別,状況,償還開始"
PEOPLE = (
    ("見本　壱子", "ﾐﾎﾝ ｲﾁｺ", "S55.4.2",
     "座間市栗原1-1", "0460-00-2001", "緊急小口", "滞納3か月"),
    ("架空　弐郎", "ｶｸｳ ｼﾞﾛｳ", "昭和48年11月3日",
     "座間市小松原2-2", "0460-00-2002", "総合支援（初回）", "滞納3か月"),
    ("例題　参子", "ﾚｲﾀﾞｲ ｻﾝｺ", "H2.6.30",
     "座間市立野台3-3", "0460-00-2003", "総合支援（延長）", "連絡不能"),
    ("仮名　三郎", "ｶﾒｲ ｻﾌﾞﾛｳ", "S49.2.14",
     "座間市相武台4-4", "0460-00-2004", "緊急小口", "滞納3か月"),
    ("雛形　伍美", "ﾋﾅｶﾞﾀ ｲﾂﾐ", "平成7年1月9日",
     "座間市東原5-5", "0460-00-2005", "緊急小口", "猶予"),
    ("試験　陸男", "ｼｹﾝ ﾘｸｵ", "S38.8.21",
     "座間市座間1-6", "", "総合支援（初回）", "連絡不能"),
    ("見本　漆子", "ﾐﾎﾝ ﾅﾅｺ", "S61.12.5",
     "座間市栗原中央2-7", "0460-00-2007", "総合支援（初回）", "猶予"),
    ("架空　捌介", "ｶｸｳ ﾊﾁｽｹ", "H9.3.17",
     "大和市深見東1-8", "0460-00-2008", "緊急小口", "償還中"),
    ("例題　四葉", "ﾚｲﾀﾞｲ ﾖﾂﾊﾞ", "S63.5.25",
     "座間市入谷東2-9", "0460-00-2009", "緊急小口", "償還中"),
    ("仮名　髙子", "ｶﾒｲ ﾀｶｺ", "S50.10.10",
     "座間市相模が丘3-10", "0460-00-2010", "総合支援（延長）", "滞納3か月"),
    ("雛形　拾次", "ﾋﾅｶﾞﾀ ｼﾞｭｳｼﾞ", "S33.7.7",
     "海老名市河原口1-11", "", "緊急小口", "連絡不能"),
    ("試験　𠮷子", "ｼｹﾝ ﾖｼｺ", "H12.2.29",
     "座間市ひばりが丘5-12", "0460-00-2012", "緊急小口", "償還中"),
)  # fmt: skip


@dataclass(frozen=True)
class Call:
    """One call: to which line of the list, how many days ago, and what became of it."""

    line: int
    days_ago: int
    result: CallResult
    note: str = ""
    next_in: int | None = None


CALLS = (
    Call(1, 6, CallResult.ABSENT),
    Call(1, 4, CallResult.ABSENT, "夕方。呼び出しのみ。"),
    Call(2, 5, CallResult.LATER, "仕事中。きょうの昼なら話せるとのこと。", next_in=5),
    Call(3, 5, CallResult.WRONG_NUMBER, "別の人が出た。おわびした。"),
    Call(5, 4, CallResult.SPOKE, "収入が戻らず、猶予の終わりが心配。家計の相談を案内した。"),
    Call(6, 3, CallResult.LETTER, "差出人の名前だけの封筒で送った。"),
    Call(7, 2, CallResult.REFUSED, "自分で何とかする、とのこと。"),
)


def add_leads(
    session: Session, users: Mapping[str, User], cases: list[Case], *, today: date
) -> None:
    """A list taken in a week ago, seven calls since, and one person received."""
    desk = users["soudan"]
    began = today - timedelta(days=7)
    _take_in(session, desk, began)
    people = list(session.scalars(sa.select(Lead).order_by(Lead.id)))
    lead_list = session.scalars(sa.select(LeadList)).one()
    for call in CALLS:
        _call(session, people[call.line - 1], call, lead_list, desk, today=today)
    _mind_the_family(session, people[1], desk, today=today)
    _receive(session, people[3], lead_list, cases[2], desk, today=today)


def _take_in(session: Session, desk: User, began: date) -> None:
    lines = [
        ",".join((f"D{number:07}", *cells, "R5.1")) for number, cells in enumerate(PEOPLE, start=1)
    ]
    values = {
        "name": "特例貸付の借受人（お試し）",
        "source": "架空県社会福祉協議会",
        "delete_on": (began + timedelta(days=365)).isoformat(),
    }
    kept = importing.keep_file(
        session,
        content="\n".join((HEAD, *lines)).encode(),
        file_name="お試しの借受人名簿.csv",
        values=UploadSchema().load(values),
        organisation_id=desk.memberships[0].organisation_id,
        user_id=desk.id,
        today=began,
    )
    importing.take_in(session, kept=kept, user_id=desk.id, today=began, at=_ago(7))


def _ago(days: int) -> datetime:
    return now() - timedelta(days=days)


def _call(
    session: Session, lead: Lead, call: Call, lead_list: LeadList, desk: User, *, today: date
) -> None:
    on = today - timedelta(days=call.days_ago)
    services.record_result(
        session,
        lead=lead,
        organisation_id=lead_list.organisation_id,
        version=lead.version,
        result=call.result,
        words=call.note,
        next_on=None if call.next_in is None else on + timedelta(days=call.next_in),
        no_more=False,
        user_id=desk.id,
        today=on,
        at=_ago(call.days_ago),
    )


def _mind_the_family(session: Session, lead: Lead, desk: User, *, today: date) -> None:
    values = {
        "version": lead.version,
        "secret": "yes",
        "voicemail": "no",
        "best_time": "昼の12時台",
    }
    services.save_details(
        session,
        lead=lead,
        version=lead.version,
        values=DetailsSchema().load(values),
        user_id=desk.id,
        today=today,
    )


def _receive(
    session: Session, lead: Lead, lead_list: LeadList, case: Case, desk: User, *, today: date
) -> None:
    values = {
        "version": lead.version,
        "agreed_how": "phone",
        "agreed_on": today.isoformat(),
        "agreed_words": "寮を出ることになったので、相談したい。",
    }
    linking.record_agreement(
        session,
        lead=lead,
        version=lead.version,
        values=AgreementSchema().load(values),
        user_id=desk.id,
        today=today,
    )
    linking.link(session, lead=lead, lead_list=lead_list, case=case, user_id=desk.id, at=now())
