"""What a sign-in form and the account page take."""

from marshmallow import fields

from app.forms import BaseSchema, Line


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
