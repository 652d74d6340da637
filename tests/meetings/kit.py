"""A meeting with its people, made through the services and committed."""

from datetime import time

from app.accounts.models import User
from app.db import today, writing
from app.meetings import roster, services
from app.meetings.codes import ItemBasis, LegalBasis, MeetingKind
from app.meetings.models import Meeting


def a_meeting(make, user, *bases, kind=MeetingKind.AD_HOC, held_on=None):
    """A meeting of the user's agency on these bases (支援調整会議 when none is named)."""
    with writing():
        meeting = services.make_meeting(
            make.session,
            organisation_id=user.organisation_id,
            values={
                "kind": kind,
                "legal_bases": list(bases) or [LegalBasis.COORDINATION],
                "held_on": held_on or today(),
                "starts_at": time(13, 30),
                "minutes": 60,
                "place": "第2会議室",
            },
            user_id=user.id,
        )
        make.session.commit()
    return meeting


def signed(make, user, by):
    """The user's pledge for the meetings of `by`'s agency."""
    with writing():
        pledge = roster.record_pledge(
            make.session,
            organisation_id=by.organisation_id,
            user=make.session.get_one(User, user.id),
            name="",
            belongs_to="",
            signed_on=today(),
            user_id=by.id,
            today=today(),
        )
        make.session.commit()
    return pledge


def an_item(make, meeting, case, user, *, basis=ItemBasis.COORDINATION, subject="家賃のこと"):
    """The case on the agenda, added by the user."""
    make.session.expire(case, ["consents"])  # it may have consented since it was made
    with writing():
        item = services.add_item(
            make.session,
            meeting=make.session.get_one(Meeting, meeting.id),
            case=case,
            basis=basis,
            subject=subject,
            minutes=15,
            user_id=user.id,
            today=today(),
        )
        make.session.commit()
    return item
