"""Made-up work in progress: vacancies asked about, a viewing ahead, a stay that ends soon."""

import io
from collections.abc import Sequence
from datetime import date, time, timedelta

import sqlalchemy as sa
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.cases.models import Case
from app.db import now
from app.housing.codes import HomeKind, PhotoKind
from app.housing.freshness import services as freshness
from app.housing.freshness.models import CheckAnswer
from app.housing.homes.schemas import HomePatchSchema
from app.housing.homes.services import change_home
from app.housing.models import Home, Landlord
from app.housing.photos.services import add_photos
from app.keyday import services as key_days
from app.links import new_nonce
from app.placements import steps
from app.placements.codes import StepKind, StepResult
from app.placements.models import Placement
from app.placements.services import place_hold

STAYING_FOR = 80
KEYS_IN = 9
"""Days since the move into the shelter, so that about ten of its three months are left."""


def ask_by_link(
    session: Session, user: User, organisation_id: int, homes: Sequence[Home], *, today: date
) -> None:
    """A realtor was asked about two homes by link, and has answered for both."""
    link = freshness.make_link(
        session,
        contact="㈱お試し住宅",
        phone="0460-00-1000",
        homes=homes,
        nonce=new_nonce(),
        days=14,
        organisation_id=organisation_id,
        user_id=user.id,
        at=now(),
    )
    session.expire(link)  # its homes are read with what hangs on them
    answers = (
        (CheckAnswer.VACANT, "鍵はお店にあります。"),
        (CheckAnswer.GONE, "先週、決まりました。"),
    )
    freshness.answer_by_link(
        session,
        link=link,
        answers={home.id: answer for home, answer in zip(homes, answers, strict=True)},
        at=now(),
        today=today,
    )


def draw_plans(session: Session, user: User, homes: Sequence[Home]) -> None:
    """A floor plan for each home, so that lists and pages show what a picture looks like there."""
    for home in homes:
        add_photos(
            session,
            home=home,
            files=[(_plan(1 + home.id % 2), "間取り図.png")],
            kind=PhotoKind.FLOOR_PLAN,
            caption="間取り図（お試し）",
            user_id=user.id,
        )


def _plan(rooms: int) -> bytes:
    """A simple plan: bath and kitchen on the left, one or two rooms on the right."""
    picture = Image.new("RGB", (800, 600), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((40, 40, 760, 560), outline="black", width=10)
    pen.line((300, 40, 300, 400), fill="black", width=6)
    pen.line((40, 240, 300, 240), fill="black", width=6)
    pen.rectangle((70, 70, 180, 210), outline="gray", width=4)  # bath
    pen.rectangle((70, 270, 130, 400), outline="gray", width=4)  # sink
    pen.arc((80, 470, 260, 650), 180, 270, fill="gray", width=4)  # front door
    if rooms > 1:
        pen.line((300, 310, 760, 310), fill="black", width=6)
    pen.line((756, 120, 756, 250), fill="white", width=14)  # window
    pen.rectangle((750, 120, 762, 250), outline="black", width=2)
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def show_home(
    session: Session, user: User, organisation_id: int, *, case: Case, home: Home, today: date
) -> Placement:
    """A family was shown a home and goes to see it tomorrow, with somebody beside them."""
    placement = start(session, user, organisation_id, case=case, home=home)
    steps.record_step(
        session,
        placement=placement,
        kind=StepKind.SHOWN,
        done_on=today,
        user_id=user.id,
        today=today,
        note="間取り図を一緒に見た。学校が変わらないことが決め手。",
    )
    steps.plan_step(
        session,
        placement=placement,
        kind=StepKind.VIEWING,
        values={
            "planned_on": today + timedelta(days=1),
            "planned_time": time(10, 30),
            "meeting_place": "小田急小田原線 相武台前駅の改札前",
            "companion_id": user.id,
            "note": "手すりと段差を確かめる。",
        },
        user_id=user.id,
        today=today,
    )
    return placement


def prepare_keys(session: Session, user: User, placement: Placement, *, today: date) -> None:
    """The landlord has named a day for the keys already, so the family's plan for it is running."""
    steps.plan_step(
        session,
        placement=placement,
        kind=StepKind.KEYS,
        values=dict.fromkeys(steps.APPOINTMENT)
        | {
            "planned_on": today + timedelta(days=KEYS_IN),
            "planned_time": time(14, 0),
            "meeting_place": "㈱お試し住宅の窓口",
        },
        user_id=user.id,
        today=today,
    )
    plan, _made = key_days.make_plan(session, placement=placement, user_id=user.id, today=today)
    done = next(task for task in plan.tasks if task.code == "emergency_contact")
    key_days.finish_task(
        session,
        task=done,
        version=done.version,
        done_on=today,
        user_id=user.id,
        today=today,
        at=now(),
    )


def let_stay(
    session: Session, user: User, organisation_id: int, *, case: Case, home: Home, today: date
) -> None:
    """Somebody moved into the shelter and must have moved on in about ten days."""
    came = today - timedelta(days=STAYING_FOR)
    values = HomePatchSchema().load({"version": home.version, "kind": HomeKind.SHELTER.value})
    change_home(session, home=home, version=values.pop("version"), values=values, user_id=user.id)
    placement = start(session, user, organisation_id, case=case, home=home)
    for kind in (StepKind.LANDLORD, StepKind.KEYS, StepKind.MOVE_IN):
        said_yes = StepResult.GOOD if kind is StepKind.LANDLORD else None
        steps.record_step(
            session,
            placement=placement,
            kind=kind,
            done_on=came,
            user_id=user.id,
            today=today,
            result=said_yes,
        )


def home_of(session: Session, landlord: int) -> Home:
    """The home of the made-up landlord with this number: the list gives each of them one."""
    name = f"例題 貸主{landlord}"
    return session.scalars(sa.select(Home).join(Landlord).where(Landlord.name == name)).one()


def start(
    session: Session, user: User, organisation_id: int, *, case: Case, home: Home
) -> Placement:
    """The way to the keys begun from a hold."""
    hold = place_hold(
        session, home=home, case=case, user_id=user.id, organisation_id=organisation_id, at=now()
    )
    return steps.start_placement(
        session, hold=hold, user_id=user.id, organisation_id=organisation_id, at=now()
    )
