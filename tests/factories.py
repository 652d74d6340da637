"""Plain typed factories: each makes one committed record and states only what it must."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.accounts.models import Organisation
from app.db import db, writing
from app.policy import OrganisationKind, Role

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
