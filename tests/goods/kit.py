"""A household with keys ahead and people who work with goods, for tests through the front door."""

import io
from datetime import timedelta

from PIL import Image

from app.db import now, today
from app.goods.codes import Carrier, Check, Condition, GoodsGas, GoodsKind, NeedState, Voltage
from app.goods.deeds import moving, reserving
from app.goods.items import services as items
from app.goods.models import GoodsItem, GoodsNeed, GoodsReservation
from app.policy import OrganisationKind, Role
from tests.keyday.kit import KeyDay

DAYS = timedelta(days=1)
THING = {
    "kind": GoodsKind.FRIDGE, "label": "2ドア 白", "width_cm": 48, "depth_cm": 55,
    "height_cm": 120, "condition": Condition.GOOD, "donor": "社会福祉法人 架空の里",
    "donor_address": "神奈川県座間市相武台1-2-3", "window_from": None, "window_until": None,
    "carrier": Carrier.WE, "donor_floor": 2, "donor_lift": False, "lift_width_cm": None,
    "lift_depth_cm": None, "lift_height_cm": None, "weight_kg": 35, "dismantles": False,
    "upright": None, "gas": GoodsGas.UNKNOWN, "voltage": Voltage.V100, "maker": "", "model": "",
    "made_year": 2022, "safety": Check.GOOD, "safety_on": None, "safety_by": "",
    "recall": Check.GOOD, "recall_on": None, "recall_by": "", "note": "",
}  # fmt: skip


class Goods(KeyDay):
    """`staff` steers the household and carries things; `helper` only carries."""

    def __init__(self, make, in_database, **case):
        super().__init__(make, in_database, plan=False, **case)
        bank = make.organisation(OrganisationKind.FOOD_BANK)
        self.helper = make.user(Role.FOODBANK, organisation=bank)
        self.needs_url = f"/cases/{self.case.id}/goods"

    def item(self, *, shelf="", **values):
        """A thing, committed; gives its id."""

        def make(session):
            return items.pledge(
                session, values=THING | values, shelf=shelf, again=True, user_id=self.staff.id,
                organisation_id=self.staff.organisation_id, today=today(),
            ).id  # fmt: skip

        return self.in_database(make)

    def need(self, kind=GoodsKind.FRIDGE, **values):
        """A need of the household; gives its id."""

        def make(session):
            need = GoodsNeed(case_id=self.case.id, placement_id=self.id, user_id=self.staff.id,
                             kind=kind, state=NeedState.OPEN, **values)  # fmt: skip
            session.add(need)
            session.flush()
            return need.id

        return self.in_database(make)

    def kept(self, *, until=None, shelf="", **values):
        """A thing kept for the household: ids of the thing and of the need."""
        item_id, need_id = self.item(shelf=shelf, **values), self.need()
        self.in_database(lambda s: reserving.reserve(
            s, item=s.get_one(GoodsItem, item_id), need=s.get_one(GoodsNeed, need_id),
            until=until, user_id=self.staff.id, today=today()))  # fmt: skip
        return item_id, need_id

    def expire(self, item_id, days=1):
        """The reservation's day has passed."""

        def back(session):
            reserving.running_for_item(session, item_id).until = today() - days * DAYS

        self.in_database(back)

    def delivered(self):
        """A thing at the household's, before the keys with a reason."""
        item_id, need_id = self.kept(shelf="A-1")

        def act(session):
            item = session.get_one(GoodsItem, item_id)
            moving.deliver(session, item=item, version=item.version, why="先に置かせてもらう",
                           user_id=self.staff.id, today=today(), at=now())  # fmt: skip

        self.in_database(act)
        return item_id, need_id

    def state(self, item_id):
        """How a thing stands, and whether it is kept."""

        def ask(session):
            kept = reserving.running_for_item(session, item_id)
            return session.get_one(GoodsItem, item_id).state.value, kept is not None

        return self.in_database(ask)

    def need_state(self, need_id):
        return self.in_database(lambda s: s.get_one(GoodsNeed, need_id).state.value)

    def reservations(self):
        return self.in_database(lambda s: s.query(GoodsReservation).count())


def picture():
    """A small photograph as a phone hands it in."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()
