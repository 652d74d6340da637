"""The demonstration's story: households after the source documents' cases A to D, and one that
has moved in.

Everything goes in through the same schemas and services as from the pages.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.consents import services as consent_services
from app.cases.consents.models import ConsentMethod
from app.cases.intake import services as receiving
from app.cases.intake.schemas import IntakeSchema
from app.cases.models import Case
from app.cases.needs import services as need_services
from app.cases.needs.schemas import FoodProfileSchema, HousingNeedSchema
from app.cases.work import services as team_services
from app.cases.work.models import LogMethod
from app.db import now
from app.demo import journeys, stock
from app.demo.assessments import add_assessments
from app.demo.donors import add_donors
from app.demo.figures import add_figures
from app.demo.goods import add_goods
from app.demo.leads import add_leads
from app.demo.parcels import add_parcels
from app.demo.partners import add_partners
from app.demo.plans import add_plans
from app.demo.round import MOVED, add_round
from app.demo.sheets import add_sheets
from app.demo.supply import add_supply
from app.demo.watch import add_watch
from app.directory.models import PartnerKind
from app.foodbank.ledgers.services import import_ledger
from app.housing.lists import intake, taking
from app.policy import ConsentItem, RecipientKind, Role

# After examples the city of Zama has published; names and dates are made up.
HOUSEHOLDS: tuple[Mapping[str, Any], ...] = (
    {
        "intake": {
            "name": "見本 一郎", "kana": "みほん いちろう", "age_band": "65_74",
            "household_size": 1, "route": "inside", "route_detail": "収納課",
            "dwelling": "street", "topics": ["housing", "taxes", "food"],
            "main_topic": "housing", "protection": "no", "municipality": "座間市",
            "members": [{"relation": "self", "age": 67}],
            "story": "税の滞納で預金が差し押さえられ、家賃を払えずに部屋を出た。"
            "差押えの解除を収納課と調整する。",
        },
        "leave_in": None,
        "need": {
            "people": 1, "rent_basis": "ceiling", "funds": 60000, "municipalities": ["座間市"],
            "floor_need": "ground_or_lift", "guarantor": "no", "emergency_contact": "corporate",
            "groups": ["elderly"],
            "supports": ["watching", "guarantor_company", "proxy_payment", "emergency_contact"],
            "anchors": [{"label": "通院先", "address": "座間市相武台1丁目", "weight": 1}],
        },
        "food": {"allergies_asked": True, "equipment": ["can_opener"], "carry_kg": "5"},
    },
    {
        "intake": {
            "alias": "Bさん", "kana": "びーさん", "age_band": "40s", "household_size": 1,
            "route": "inside", "route_detail": "収納課", "dwelling": "net_cafe",
            "topics": ["housing", "income", "taxes"], "main_topic": "housing",
            "protection": "no", "municipality": "座間市",
            "members": [{"relation": "self", "age": 44}],
            "story": "ネットカフェに寝泊まりしていた。いまはシェルターにいて、次の住まいを探す。"
            "家計の相談も続け、税は分けて納める。",
        },
        "received_in": -90,
        "leave_in": None,
        "need": None,
        "food": {
            "allergies_asked": True, "allergies": ["小麦"], "equipment": ["hot_water"],
            "carry_kg": "6",
        },
    },
    {
        "intake": {
            "name": "仮名 三郎", "kana": "かめい さぶろう", "age_band": "50s",
            "household_size": 1, "route": "inside", "route_detail": "建築住宅課",
            "dwelling": "company_leaving", "leave_reason": "dormitory",
            "topics": ["housing", "job_search"], "main_topic": "housing",
            "protection": "unknown", "municipality": "座間市",
            "source_kind": "section", "arrival": "referral", "work": "jobless",
            "members": [{"relation": "self", "age": 52}],
            "story": "雇い止めで社員寮を出る。市営住宅の相談に来た。仕事と引越の手伝いも必要。",
        },
        "leave_in": 30,
        "need": {
            "people": 1, "rent_basis": "agreed", "agreed_rent": 45000, "funds": 150000,
            "municipalities": ["座間市", "大和市"], "floor_need": "any", "guarantor": "no",
            "supports": ["guarantor_company"],
        },
        "food": {"allergies_asked": True, "equipment": ["microwave", "hot_water"]},
    },
    {
        "intake": {
            "name": "例題 四葉", "kana": "れいだい よつば", "age_band": "30s",
            "household_size": 4, "route": "inside", "route_detail": "障がい福祉課",
            "dwelling": "owned_loan", "topics": ["rent_loan", "health", "job_search"],
            "main_topic": "rent_loan", "protection": "no", "municipality": "座間市",
            "members": [
                {"relation": "self", "age": 38}, {"relation": "spouse", "age": 41},
                {"relation": "child", "age": 9}, {"relation": "child", "age": 5},
            ],
            "story": "夫が療養中で住宅ローンが払えない。売却して賃貸へ移り、妻の仕事を探す。",
        },
        "leave_in": 75,
        "need": {
            "people": 4, "rent_basis": "agreed", "agreed_rent": 68000, "funds": 300000,
            "municipalities": ["座間市"], "floor_need": "second", "guarantor": "yes",
            "emergency_contact": "private", "groups": ["single_parent"], "min_rooms": 2,
            "anchors": [{"label": "小学校", "address": "座間市入谷東2丁目", "weight": 1}],
        },
        "food": {
            "allergies_asked": True, "allergies": ["卵"],
            "equipment": ["hot_water", "microwave", "burner", "kitchen", "rice_cooker", "fridge"],
        },
    },
    {
        "intake": {
            "name": "見本 五月", "kana": "みほん さつき", "age_band": "65_74",
            "household_size": 1, "route": "own", "dwelling": "rented", "leave_reason": "demolition",
            "topics": ["housing"], "main_topic": "housing", "protection": "no",
            "municipality": "座間市", "members": [{"relation": "self", "age": 71}],
            "story": "取り壊しで部屋を出て、ひとりで新しい部屋に移った。見守りを続けている。",
        },
        "received_in": -120,
        "leave_in": None,
        "need": None,
        "food": {"allergies_asked": True, "equipment": ["kitchen", "fridge"], "carry_kg": "4"},
    },
)  # fmt: skip


WATCHED_HOME = 18


def add_story(session: Session, users: Mapping[str, User], *, today: date) -> None:
    """Homes, food, eight households and their figures, as their people would have entered them."""
    _homes(session, users["sumai"], today)
    housing = _organisation(users["sumai"], Role.HOUSING)
    add_supply(session, users["sumai"], housing, today=today)
    _food(session, users["shokuryo"], today)
    add_partners(session, users["soudan"].id, today=today)
    cases = [_household(session, users, facts, today) for facts in HOUSEHOLDS]
    desk = users["soudan"]
    add_assessments(session, cases, user_id=desk.id, today=today)
    agency = _organisation(desk, Role.CONSULTANT)
    add_plans(session, cases, organisation_id=agency, user_id=desk.id, today=today)
    _journeys(session, users, housing, cases, today)
    bank = _organisation(users["shokuryo"], Role.FOODBANK)
    add_parcels(session, users, cases, bank=bank, today=today)
    add_donors(session, users, bank=bank, today=today)
    add_sheets(session, users, cases, today=today)
    add_leads(session, users, cases, today=today)
    home = journeys.home_of(session, WATCHED_HOME)
    add_watch(session, users, housing, case=cases[4], home=home, today=today)
    moved = [_household(session, users, facts, today) for _days, _home, facts in MOVED]
    add_round(session, users, housing, cases=moved, today=today)
    add_figures(session, users, today=today)


def _organisation(user: User, role: Role) -> int:
    return next(m.organisation_id for m in user.memberships if m.role is role)


def _homes(session: Session, user: User, today: date) -> None:
    """The council's list of last month and of today, and what a realtor says of the same homes."""
    council = ("架空市居住支援協議会", PartnerKind.COUNCIL)
    realtor = ("㈱お試し住宅", PartnerKind.REALTOR)
    earlier = today - timedelta(days=35)
    lists = (
        (stock.homes_csv(earlier), "お試しの物件一覧_先月.csv", council, earlier),
        (stock.homes_csv(today, left_out=stock.LEFT_OUT), "お試しの物件一覧.csv", council, today),
        (stock.realtor_csv(today), "お試しの業者の空室.csv", realtor, today),
    )
    for content, file_name, (sender, kind), read_on in lists:
        kept = intake.keep_list(
            session,
            content=content,
            file_name=file_name,
            sender_name=sender,
            sender_kind=kind,
            organisation_id=_organisation(user, Role.HOUSING),
            user_id=user.id,
            today=read_on,
        )
        taking.take_in(session, import_id=kept.id, user_id=user.id)


def _journeys(
    session: Session, users: Mapping[str, User], housing: int, cases: list[Case], today: date
) -> None:
    """Under way: answers by link, a viewing tomorrow, keys in sight, a stay that ends soon."""
    user = users["sumai"]
    homes = {number: journeys.home_of(session, number) for number in (*stock.LEFT_OUT, 3, 4, 24)}
    asked = [homes[number] for number in stock.LEFT_OUT[:2]]
    journeys.ask_by_link(session, user, housing, asked, today=today)
    journeys.draw_plans(session, user, [homes[3], homes[4]])
    shown = journeys.show_home(session, user, housing, case=cases[3], home=homes[4], today=today)
    journeys.prepare_keys(session, user, shown, today=today)
    journeys.let_stay(session, user, housing, case=cases[1], home=homes[24], today=today)
    add_goods(session, users, housing, cases=cases[:7], moving_in=shown, today=today)


def _food(session: Session, user: User, today: date) -> None:
    import_ledger(
        session,
        content=stock.ledger_csv(today),
        file_name="お試しの受入台帳.csv",
        organisation_id=_organisation(user, Role.FOODBANK),
        user_id=user.id,
        today=today,
    )


def _household(
    session: Session, users: Mapping[str, User], facts: Mapping[str, Any], today: date
) -> Case:
    worker, colleague = users["soudan"], users["soudan2"]
    intake = dict(facts["intake"])
    if "received_in" in facts:
        intake["received_on"] = (today + timedelta(days=facts["received_in"])).isoformat()
    if facts["leave_in"] is not None:
        intake["leave_by"] = (today + timedelta(days=facts["leave_in"])).isoformat()
    case = receiving.register_case(
        session,
        intake=IntakeSchema().load(intake),
        organisation_id=_organisation(worker, Role.CONSULTANT),
        user_id=worker.id,
        today=today,
    )
    team_services.add_to_team(session, case=case, user_id=colleague.id, by=worker.id, today=today)
    _consents(session, case, worker.id, today)
    if facts["need"]:
        need_services.save_housing_need(
            session,
            case=case,
            version=0,
            need=HousingNeedSchema().load({"version": 0, **facts["need"]}),
            user_id=worker.id,
            prefecture="神奈川県",
        )
    need_services.save_food_profile(
        session,
        case=case,
        version=0,
        profile=FoodProfileSchema().load({"version": 0, **facts["food"]}),
        user_id=worker.id,
    )
    team_services.write_log(
        session,
        case=case,
        at=now(),
        now=now(),
        method=LogMethod.MEETING,
        text="窓口で話を聞いた。急ぐことと、これからの進め方を一緒に確かめた。",
        next_step="住まいの候補を一緒に見る",
        minutes=50,
        user_id=worker.id,
    )
    return case


def _consents(session: Session, case: Case, user_id: int, today: date) -> None:
    """To the housing NPO, the food bank, those who look in and landlords, each what they need."""
    for recipient, items in (
        (RecipientKind.HOUSING_SUPPORT, (ConsentItem.HOME_NEEDS, ConsentItem.CONTACT)),
        (RecipientKind.FOOD_BANK, (ConsentItem.FOOD_NEEDS,)),
        (RecipientKind.FOLLOW_UP, (ConsentItem.CONTACT,)),
        (RecipientKind.LANDLORD, (ConsentItem.HOME_NEEDS,)),
    ):
        consent_services.record_consent(
            session,
            case=case,
            recipient=recipient,
            items=items,
            method=ConsentMethod.SIGNED,
            given_on=today,
            ends_on=today + timedelta(days=365),
            user_id=user_id,
            today=today,
        )
    session.expire(case, ["consents"])
