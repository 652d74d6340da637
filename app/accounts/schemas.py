"""What a sign-in form and the account page take."""

from marshmallow import fields

from app.forms import BaseSchema, Codes, Line, Whole
from app.policy import ROLE_LABELS, Role


class SignInSchema(BaseSchema):
    """Login and password; both are told wrong together, never which."""

    login = Line(
        required=True,
        shortest=1,
        metadata={"label": "利用者名", "autocomplete": "username"},
    )
    password = fields.String(
        required=True,
        metadata={"label": "パスワード", "kind": "password", "autocomplete": "current-password"},
    )


class SecondFactorSchema(BaseSchema):
    """A six-digit code of the authenticator, or a recovery code."""

    code = Line(
        required=True,
        shortest=1,
        longest=20,
        metadata={
            "label": "確認コード",
            "hint": "認証アプリの6桁の数字、または控えておいた予備コード",
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
        },
    )


class PasswordSchema(BaseSchema):
    """A change of one's own password."""

    current = fields.String(
        required=True,
        metadata={
            "label": "いまのパスワード",
            "kind": "password",
            "autocomplete": "current-password",
        },
    )
    password = fields.String(
        required=True,
        metadata={
            "label": "新しいパスワード",
            "kind": "password",
            "autocomplete": "new-password",
            "hint": "12文字以上。関係のない言葉をいくつか並べると、覚えやすく安全です。",
        },
    )


class UserSchema(BaseSchema):
    """A new user of an organisation."""

    login = Line(
        required=True,
        shortest=3,
        longest=60,
        metadata={"label": "利用者名", "hint": "英数字で3文字以上。サインインに使います。"},
    )
    name = Line(required=True, shortest=1, longest=80, metadata={"label": "名前"})
    organisation_id = Whole(required=True, least=1, metadata={"label": "組織", "kind": "select"})
    roles = Codes(Role, ROLE_LABELS, required=True, metadata={"label": "役割"})
    password = fields.String(
        required=True,
        metadata={
            "label": "はじめのパスワード",
            "kind": "password",
            "autocomplete": "new-password",
            "hint": "12文字以上。本人に伝え、サインインのあと変えてもらいます。",
        },
    )


class RolesSchema(BaseSchema):
    """The roles a user holds in one organisation from now on."""

    roles = Codes(Role, ROLE_LABELS, load_default=list, metadata={"label": "役割"})
