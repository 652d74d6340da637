"""Plain typed factories: each makes one committed record and states only what it must."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.accounts.models import Organisation
from app.cases.consents.models import (
    Consent,
    ConsentMethod,
    Disclosure,
)
from app.cases.intake import services as receiving
from app.cases.models import Case
from app.cases.work.models import TeamMember
from app.db import db, today, writing
from app.policy import ConsentItem, OrganisationKind, Protection, RecipientKind, Role

PASSWORD = "kasanari-umibe-takasebune"


@dataclass(frozen=True)
class SignIn:
    """A user as a test needs them: the row's id and how to sign in."""

    id: int
    login: str
    name: str
    organisation_id: int
    token: str
    password: str = PASSWORD


class Factory:
    """Makes records in an application's database, each committed at once."""

    def __init__(self, app: Flask) -> None:
        # A context left open would be shared with the test client's requests, `g` and all.
        with app.app_context():
            self.session: Session = db.sessionmaker()
        self.numbers = count(1)

    def close(self) -> None:
        self.session.close()

    def save(self, record: Any) -> Any:
        with writing():
            self.session.add(record)
            self.session.commit()
        return record

    def organisation(self, *kinds: OrganisationKind, **values: Any) -> Organisation:
        with writing():
            organisation = accounts.add_organisation(
                self.session,
                name=values.pop("name", f"架空支援機関{next(self.numbers)}"),
                prefecture="神奈川県",
                municipality="座間市",
                kinds=kinds or (OrganisationKind.CONSULTATION,),
                **values,
            )
            self.session.commit()
        return organisation

    def user(self, *roles: Role, organisation: Organisation | None = None, **values: Any) -> SignIn:
        """A user with roles in one organisation, and an API token."""
        organisation = organisation or self.organisation(*OrganisationKind)
        number = next(self.numbers)
        with writing():
            user = accounts.add_user(
                self.session,
                login=values.get("login", f"user{number}"),
                name=values.get("name", f"試験 {number}子"),
                password=PASSWORD,
                roles=[(organisation, role) for role in roles or (Role.CONSULTANT,)],
                check_strength=False,
            )
            token = accounts.issue_token(self.session, user=user, label="test")
            self.session.commit()
        return SignIn(user.id, user.login, user.name, organisation.id, token)

    def the_organisation(self, user: SignIn) -> Organisation:
        """The organisation a user was made in, to make colleagues in it."""
        return self.session.get_one(Organisation, user.organisation_id)

    def case(self, by: SignIn | None = None, *, team: Iterable[SignIn] = (), **intake: Any) -> Case:
        """A case registered by a consultant, who is on its team; `intake` as the form gives it."""
        by = by or self.user(Role.CONSULTANT)
        if not {"name", "alias", "age_band"} & set(intake):
            intake["name"] = f"見本 {next(self.numbers)}郎"
        with writing():
            case = receiving.register_case(
                self.session,
                intake={"protection": Protection.NO, **intake},
                organisation_id=by.organisation_id,
                user_id=by.id,
                today=today(),
            )
            case.team += [TeamMember(user_id=one.id, since=today()) for one in team]
            self.session.commit()
        return case

    def consent(
        self,
        case: Case,
        recipient: RecipientKind,
        *items: ConsentItem,
        organisation: Organisation | None = None,
        given_on: date | None = None,
        ends_on: date | None = None,
    ) -> Consent:
        """A signed consent in force from today on, unless told otherwise."""
        consent: Consent = self.save(
            Consent(
                case_id=case.id,
                recipient=recipient,
                organisation_id=organisation.id if organisation else None,
                items=[item.value for item in items or (ConsentItem.CONTACT,)],
                text_version="2026-04",
                method=ConsentMethod.SIGNED,
                given_on=given_on or today(),
                ends_on=ends_on,
                recorded_by=case.received_by,
            )
        )
        return consent

    def disclosure(self, case: Case, organisation: Organisation) -> Disclosure:
        """A 支援会議 basis for today."""
        disclosure: Disclosure = self.save(
            Disclosure(
                case_id=case.id,
                organisation_id=organisation.id,
                legal_basis="第9条",
                starts_on=today(),
                ends_on=today(),
                recorded_by=case.received_by,
            )
        )
        return disclosure
