"""Whatever happens in whatever order: lists of two senders, telephone calls, decisions, undoing.

Fixed examples show what was thought of; these walks are drawn by chance, each by its own seed, and
after every step what must always hold is held against the database.
"""

import random

import pytest
import sqlalchemy as sa

from app.db import now, today
from app.errors import ConflictError
from app.housing.codes import HomeState
from app.housing.freshness.models import CheckAnswer
from app.housing.freshness.services import ASKABLE, write_check
from app.housing.lists import intake, questions, taking, undo
from app.housing.lists.models import CouncilListImport, HomeStatement, ImportState, QuestionState
from app.housing.lists.said import agree, on_record
from app.housing.models import Home
from app.policy import Role
from tests.housing.makers import csv_list

SENDERS = ("架空市居住支援協議会", "見本県の登録簿")
ROOMS = ("101", "102", "201")
STEPS = 12
KEPT = ("rent", "fee", "deposit", "state", "missing_since", "confirmed_on", "layout")


class Walk:
    """One office's random weeks."""

    def __init__(self, session, worker, seed):
        self.session, self.worker = session, worker
        self.chance = random.Random(seed)
        self.lists = 0

    def a_list(self):
        """A list of some rooms at rents drawn by chance."""
        rooms = [room for room in ROOMS if self.chance.random() < 0.75] or [ROOMS[0]]
        rows = [
            f"コーポ相武,{room},座間市相武台1-2-3,1K,22,{self.chance.choice((40, 41, 42))}000,"
            f"{self.chance.choice(('', '2000'))},,,,"
            for room in rooms
        ]
        self.lists += 1
        kept = intake.keep_list(
            self.session,
            content=csv_list(*rows, f"メモ{self.lists}"),
            file_name=f"list{self.lists}.csv",
            organisation_id=self.worker.organisation_id,
            user_id=self.worker.id,
            today=today(),
            sender_name=self.chance.choice(SENDERS),
        )
        taking.take_in_now(self.session, kept=kept, user_id=self.worker.id)
        self.session.flush()
        return kept

    def take_a_list(self):
        """Take a list in; now and then see that undoing it leaves everything as it was."""
        before = self.picture()
        kept = self.a_list()
        if self.chance.random() < 0.5:
            undo.undo_import(self.session, import_id=kept.id, user_id=self.worker.id)
            self.session.expire_all()
            self.as_before(before)

    def undo_newest(self):
        newest = self.session.scalar(
            sa.select(CouncilListImport)
            .where(CouncilListImport.state == ImportState.TAKEN_IN)
            .order_by(CouncilListImport.id.desc())
        )
        if newest is not None:
            undo.undo_import(self.session, import_id=newest.id, user_id=self.worker.id)

    def phone(self):
        home = self.a_home()
        if home is not None and home.state in ASKABLE:
            write_check(
                self.session,
                home=home,
                answer=self.chance.choice((CheckAnswer.VACANT, CheckAnswer.GONE)),
                user_id=self.worker.id,
                today=today(),
            )

    def hold(self):
        """Somebody's household stands behind a home for a while."""
        home = self.a_home()
        if home is not None and home.state in {HomeState.VACANT, HomeState.HELD}:
            free = home.state is HomeState.HELD
            home.state = HomeState.VACANT if free else HomeState.HELD
            self.session.flush()

    def decide(self):
        asked = questions.open_questions(self.session)
        if not asked:
            return
        one = self.chance.choice(asked)
        try:
            questions.decide(
                self.session,
                statement_id=one.statement_id,
                theirs=self.chance.random() < 0.5,
                reason="電話で確かめた",
                version=one.home.version,
                user_id=self.worker.id,
                at=now(),
            )
        except ConflictError:
            assert one.home.state not in ASKABLE

    def a_home(self):
        homes = self.session.scalars(sa.select(Home).order_by(Home.id)).all()
        return self.chance.choice(homes) if homes else None

    def step(self):
        self.chance.choice(
            (self.take_a_list, self.take_a_list, self.phone, self.decide, self.decide,
             self.undo_newest, self.hold)
        )()  # fmt: skip
        self.session.flush()
        self.session.expire_all()

    # -------------------------------------------------------------------------- what must hold

    def picture(self):
        """Homes and what is said of them, as far as people see it."""
        self.session.flush()
        homes = {
            home.key: tuple(getattr(home, name) for name in KEPT)
            for home in self.session.scalars(sa.select(Home))
        }
        said = self.session.execute(
            sa.select(
                Home.key,
                HomeStatement.sender_id,
                HomeStatement.field,
                HomeStatement.value,
                HomeStatement.question,
            )
            .join(Home, Home.id == HomeStatement.home_id)
            .where(HomeStatement.current)
        )
        return homes, {(row[0], row[1], row[2]): (row[3], row[4]) for row in said}

    def as_before(self, before):
        """Homes and words as they were; nothing asked is forgotten, nothing decided asked again.

        A home that somebody stopped by telephone may be asked about once more: its sender lists it.
        """
        homes, said = self.picture()
        assert homes == before[0]
        assert {place: value for place, (value, _) in said.items()} == {
            place: value for place, (value, _) in before[1].items()
        }
        for place, (_value, question) in before[1].items():
            again = {QuestionState.NONE, QuestionState.OPEN}
            allowed = again if question is QuestionState.NONE else {question}
            assert said[place][1] in allowed, place

    def check(self):
        open_ = self.session.execute(
            sa.select(HomeStatement, Home)
            .join(Home, Home.id == HomeStatement.home_id)
            .where(HomeStatement.current, HomeStatement.question == QuestionState.OPEN)
        )
        for statement, home in open_:
            known = on_record(home, statement.field)
            assert known is not None, statement.field
            assert not agree(statement.field, statement.value, known), statement.field
        assert len(questions.open_questions(self.session)) == questions.count_open(self.session)
        keys = self.session.scalars(sa.select(Home.key)).all()
        assert len(keys) == len(set(keys)) <= len(ROOMS)


@pytest.mark.parametrize("seed", range(20))
def test_questions_are_true_and_undoing_leaves_everything_as_it_was(seed, make, in_database):
    worker = make.user(Role.HOUSING)

    def walk(session):
        office = Walk(session, worker, seed)
        for _ in range(STEPS):
            office.step()
            office.check()

    in_database(walk)
