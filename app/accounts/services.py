"""Making users and organisations, and proving who somebody is."""

import hashlib
import hmac
import secrets
import unicodedata
from collections.abc import Iterable
from datetime import datetime, timedelta

import pyotp
import sqlalchemy as sa
from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy.orm import Session
from zxcvbn import zxcvbn

from app.accounts.models import (
    ApiToken,
    Organisation,
    OrganisationKindRow,
    RecoveryCode,
    RoleMembership,
    SignInFailure,
    User,
)
from app.accounts.sessions import digest, end_sessions_of
from app.db import rows_changed
from app.errors import ForbiddenError, InvalidError, TooManyError
from app.policy import Action, Membership, OrganisationKind, Role, Viewer, allows

THROTTLE_WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 8
FAILURES_PER_ADDRESS = 40

hasher = PasswordHasher()  # Argon2id with the library's current parameters (RFC 9106)
# Compared against when the account does not exist, so that both cases take as long.
NOBODY = hasher.hash(secrets.token_urlsafe(16))

# Passwords that strength meters trained on English miss (romanised words and keyboard runs).
COMMON_JAPANESE = frozenset(
    {
        "sakura", "nihon", "nippon", "japan", "tokyo", "osaka", "doraemon", "pikachu", "arigatou",
        "arigato", "konnichiwa", "himitsu", "pasuwado", "pasuwaado", "aiueo", "kazoku", "tomodachi",
        "daisuki", "anpanman", "totoro", "naruto", "sakurasaku", "yamada", "tanaka", "suzuki",
        "satou", "takahashi", "watanabe", "hanako", "tarou", "tsunagi", "zama",
    }
)  # fmt: skip


def add_organisation(
    session: Session,
    *,
    name: str,
    prefecture: str,
    municipality: str,
    kinds: Iterable[OrganisationKind],
    phone: str | None = None,
    requires_second_factor: bool = False,
) -> Organisation:
    """Register an organisation and what it is."""
    organisation = Organisation(
        name=name,
        prefecture=prefecture,
        municipality=municipality,
        phone=phone,
        requires_second_factor=requires_second_factor,
        kind_rows=[OrganisationKindRow(kind=kind) for kind in kinds],
    )
    session.add(organisation)
    session.flush()  # the id is needed by users
    return organisation


def add_user(
    session: Session,
    *,
    login: str,
    name: str,
    password: str,
    roles: Iterable[tuple[Organisation, Role]],
    check_strength: bool = True,
) -> User:
    """Register a user with roles. The login is compared in NFKC and lower case."""
    if check_strength:
        check_password(password, about=(login, name))
    user = User(
        login=normal_login(login),
        name=name,
        password_hash=hasher.hash(_normal_password(password)),
        memberships=[
            RoleMembership(organisation=organisation, role=role) for organisation, role in roles
        ],
    )
    session.add(user)
    session.flush()  # the id is needed by tokens and the audit entry
    return user


def normal_login(login: str) -> str:
    """One spelling for a login: full-width and upper-case typing reach the same account."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def _normal_password(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def check_password(password: str, *, about: Iterable[str] = ()) -> None:
    """Refuse a password that is short, common or made of the user's own name."""
    plain = _normal_password(password)
    guess = zxcvbn(plain[:72], user_inputs=list(about))
    word = "".join(c for c in plain.casefold() if c.isalpha())
    if len(plain) < 12 or guess["score"] < 3 or word in COMMON_JAPANESE:
        raise InvalidError(
            "このパスワードは推測されやすいため使えません。12文字以上で、関係のない言葉をいくつか並べてください。",
            fields={"password": ["12文字以上で、関係のない言葉をいくつか並べてください。"]},
        )


def failure_keys(login: str, address: str, secret: str) -> tuple[str, str]:
    """Keyed hashes of the account and of the network address: counted, but not readable."""

    def keyed(value: str) -> str:
        return hmac.new(secret.encode(), value.encode(), hashlib.sha256).hexdigest()

    return keyed(f"login:{normal_login(login)}"), keyed(f"address:{address}")


def check_throttle(session: Session, keys: tuple[str, str], *, at: datetime) -> None:
    """Refuse further attempts after too many failures, whether or not the account exists."""
    since = at - THROTTLE_WINDOW
    for key, limit in zip(keys, (FAILURES_PER_ACCOUNT, FAILURES_PER_ADDRESS), strict=True):
        failures = session.scalar(
            sa.select(sa.func.count())
            .select_from(SignInFailure)
            .where(SignInFailure.key == key, SignInFailure.created_at > since)
        )
        if (failures or 0) >= limit:
            raise TooManyError(
                "サインインの失敗が続いたため、15分ほど受け付けを止めています。時間をおいてからお試しください。"
            )


def note_failure(session: Session, keys: tuple[str, str]) -> None:
    """Count one failed attempt."""
    session.add_all([SignInFailure(key=key) for key in keys])


def forget_failures(session: Session, *, before: datetime) -> None:
    """Drop attempts that no longer count."""
    session.execute(sa.delete(SignInFailure).where(SignInFailure.created_at < before))


def user_by_password(session: Session, *, login: str, password: str) -> User | None:
    """The active user with this login and password, or None; takes as long either way."""
    user = session.scalar(sa.select(User).where(User.login == normal_login(login)))
    try:
        hasher.verify(user.password_hash if user else NOBODY, _normal_password(password))
    except VerificationError:
        return None
    return user if user is not None and user.active else None


# ------------------------------------------------------------------------------ second factor


def fresh_secret() -> str:
    """A new authenticator secret. Nothing counts until a code from it is confirmed."""
    return pyotp.random_base32()


def authenticator_url(user: User, secret: str, *, issuer: str) -> str:
    """The otpauth URL an authenticator app reads from the QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=user.login, issuer_name=issuer)


def confirm_second_factor(
    session: Session, *, user: User, secret: str, code: str, at: datetime
) -> list[str]:
    """Turn the second factor on with a code from `secret`; returns the recovery codes, once."""
    step = _matching_step(secret, code, at)
    if step is None:
        raise InvalidError(
            "確認コードが合いません。アプリの6桁の数字を、変わる前に入れてください。",
            fields={"code": ["アプリに出ている6桁の数字を入れてください。"]},
        )
    user.totp_secret = secret
    user.totp_step = step
    user.totp_since = at
    return new_recovery_codes(session, user=user)


def new_recovery_codes(session: Session, *, user: User) -> list[str]:
    """Ten fresh one-time codes in place of the old ones; only their hashes are kept."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(10)]
    session.add_all([RecoveryCode(user_id=user.id, code_hash=digest(c)) for c in codes])
    return codes


def recovery_codes_left(session: Session, user: User) -> int:
    """How many recovery codes are unused."""
    count = sa.select(sa.func.count()).where(RecoveryCode.user_id == user.id)
    return session.scalar(count) or 0


def drop_second_factor(session: Session, *, user: User) -> None:
    """Turn the second factor off, unless an organisation of the user requires it."""
    if any(m.organisation.requires_second_factor for m in user.memberships):
        raise InvalidError("所属の組織が二段階の確認を必須にしているため、やめることはできません。")
    user.totp_secret = None
    user.totp_since = None
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.user_id == user.id))


def change_password(
    session: Session, *, user: User, current: str, new: str, keep_session: str | None
) -> None:
    """Set a new password after the present one has been given; other sessions end."""
    try:
        hasher.verify(user.password_hash, _normal_password(current))
    except VerificationError as error:
        raise InvalidError(
            "いまのパスワードが違います。", fields={"current": ["いまのパスワードが違います。"]}
        ) from error
    check_password(new, about=(user.login, user.name))
    user.password_hash = hasher.hash(_normal_password(new))
    end_sessions_of(session, user.id, but=keep_session)


def _matching_step(secret: str, code: str, at: datetime) -> int | None:
    digits = unicodedata.normalize("NFKC", code).replace(" ", "")
    totp = pyotp.TOTP(secret)
    current = int(at.timestamp()) // 30
    for step in (current, current - 1, current + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()):
            return step
    return None


def use_second_factor(session: Session, *, user: User, code: str, at: datetime) -> bool:
    """Accept an authenticator code or a recovery code, each at most once even in a race."""
    if user.totp_secret is None:
        return False
    step = _matching_step(user.totp_secret, code, at)
    if step is not None:
        used = session.execute(
            sa.update(User)
            .where(User.id == user.id, User.totp_step < step)
            .values(totp_step=step)
            .execution_options(synchronize_session=False)
        )
        return rows_changed(used) == 1
    spent = session.execute(
        sa.delete(RecoveryCode).where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash
            == digest(unicodedata.normalize("NFKC", code).strip().casefold()),
        )
    )
    return rows_changed(spent) == 1


# ------------------------------------------------------------------------------------ tokens


def issue_token(
    session: Session, *, user: User, label: str, expires_at: datetime | None = None
) -> str:
    """A new API token; this is the only time it can be read."""
    token = f"tsunagi_{secrets.token_urlsafe(32)}"
    session.add(
        ApiToken(user_id=user.id, token_hash=digest(token), label=label, expires_at=expires_at)
    )
    return token


def user_by_token(session: Session, *, token: str, at: datetime) -> User | None:
    """The active user a bearer token stands for, or None."""
    row = session.scalar(sa.select(ApiToken).where(ApiToken.token_hash == digest(token)))
    if row is None or (row.expires_at is not None and row.expires_at < at):
        return None
    user = session.get(User, row.user_id)
    return user if user is not None and user.active else None


def switch_off(session: Session, user: User) -> None:
    """Stop a user from signing in, and end what is still open, in one transaction."""
    user.active = False
    end_sessions_of(session, user.id)
    session.execute(sa.delete(ApiToken).where(ApiToken.user_id == user.id))


def set_roles(session: Session, user: User, roles: Iterable[tuple[Organisation, Role]]) -> None:
    """Replace a user's roles; open sessions end so that no old permission lingers."""
    wanted = {(organisation.id, role): organisation for organisation, role in roles}
    user.memberships = [m for m in user.memberships if (m.organisation_id, m.role) in wanted] + [
        RoleMembership(organisation=organisation, role=role)
        for (organisation_id, role), organisation in wanted.items()
        if not any(
            m.organisation_id == organisation_id and m.role == role for m in user.memberships
        )
    ]
    end_sessions_of(session, user.id)


def viewer_of(user: User) -> Viewer:
    """The user as policy sees them."""
    needs_factor = any(m.organisation.requires_second_factor for m in user.memberships)
    return Viewer(
        user_id=user.id,
        name=user.name,
        memberships=tuple(
            Membership(
                organisation_id=m.organisation_id,
                organisation_name=m.organisation.name,
                kinds=m.organisation.kinds,
                role=m.role,
            )
            for m in sorted(user.memberships, key=lambda m: m.id)
        ),
        second_factor_missing=needs_factor and user.totp_secret is None,
    )


def viewer_named(session: Session, login: str, action: Action) -> Viewer:
    """Who does something from the command line, by their sign-in name.

    Raises ForbiddenError for a name nobody has, a disabled user, or one whose roles do not allow
    the action: the command line opens no door that the pages keep shut.
    """
    user = session.scalar(sa.select(User).where(User.login == normal_login(login)))
    viewer = viewer_of(user) if user is not None and user.active else None
    if viewer is None or not allows(viewer, action):
        raise ForbiddenError(f"利用者 {login} にはこの操作をする権限がありません。")
    return viewer
