"""Made-up organisations and people who sign in to the demonstration. Names are plainly invented."""

import secrets
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.accounts import services as accounts
from app.accounts.models import Organisation, User
from app.policy import ROLE_LABELS, OrganisationKind, Role

# One password for all of them: the demonstration holds nobody's data, and says so on every page.
PASSWORD = "tsunagi-demo-2026"  # noqa: S105 - printed at every start, on purpose


@dataclass(frozen=True)
class DemoUser:
    """One demonstration sign-in."""

    login: str
    name: str
    organisation: str
    roles: tuple[Role, ...]


MADOGUCHI = "座間見本市民相談窓口"
TASUKE = "NPO法人 架空すまいと食の会"
SHAKYO = "例題社会福祉協議会 相談係"

ORGANISATIONS: tuple[tuple[str, tuple[OrganisationKind, ...]], ...] = (
    (MADOGUCHI, (OrganisationKind.CONSULTATION, OrganisationKind.FOLLOW_UP)),
    (
        TASUKE,
        (
            OrganisationKind.HOUSING_SUPPORT,
            OrganisationKind.FOOD_BANK,
            OrganisationKind.FOLLOW_UP,
        ),
    ),
    (SHAKYO, (OrganisationKind.CONSULTATION,)),
)

USERS: tuple[DemoUser, ...] = (
    DemoUser("soudan", "例題 花子", MADOGUCHI, (Role.CONSULTANT,)),
    DemoUser("soudan2", "見本 次郎", MADOGUCHI, (Role.CONSULTANT,)),
    DemoUser("sumai", "架空 一郎", TASUKE, (Role.HOUSING,)),
    DemoUser("shokuryo", "仮名 和子", TASUKE, (Role.FOODBANK,)),
    DemoUser("ryoho", "雛形 千代", TASUKE, (Role.HOUSING, Role.FOODBANK)),
    DemoUser("mimamori", "試験 健", TASUKE, (Role.FOLLOWUP,)),
    DemoUser("kanri", "見本 管子", MADOGUCHI, (Role.ORG_ADMIN,)),
    DemoUser("kanri2", "架空 管太", TASUKE, (Role.ORG_ADMIN,)),
    DemoUser("shiwake", "仕分けの端末", TASUKE, (Role.SORTER,)),
    DemoUser("kansa", "例題 監二", MADOGUCHI, (Role.AUDITOR,)),
    DemoUser("system", "仮名 系子", MADOGUCHI, (Role.SYSADMIN,)),
    DemoUser("shakyo", "雛形 相子", SHAKYO, (Role.CONSULTANT,)),
)


def add_people(session: Session) -> dict[str, User]:
    """The organisations and users, by login."""
    organisations: dict[str, Organisation] = {
        name: accounts.add_organisation(
            session, name=name, prefecture="神奈川県", municipality="座間市", kinds=kinds
        )
        for name, kinds in ORGANISATIONS
    }
    return {
        user.login: accounts.add_user(
            session,
            login=user.login,
            name=user.name,
            password=PASSWORD,
            roles=[(organisations[user.organisation], role) for role in user.roles],
            check_strength=False,
        )
        for user in USERS
    }


def fresh_tokens(session: Session, users: dict[str, User]) -> dict[str, str]:
    """One new API token for each user; readable only now."""
    return {
        login: accounts.issue_token(session, user=user, label=f"demo {secrets.token_hex(2)}")
        for login, user in users.items()
    }


def role_words(user: DemoUser) -> str:
    """「居住支援法人職員・フードバンク」"""
    return "・".join(ROLE_LABELS[role] for role in user.roles)
