"""A bare Flask application that shows the components and sample pages with made-up words.

Only templates, static files and the few globals a page needs: no database, no features. Tests
render its pages, and a person can look at them with ``python -m tests.gallery``.
"""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from flask import Flask, render_template

APP = Path(__file__).resolve().parent.parent / "app"

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
    "img-src 'self' data: https://cyberjapandata.gsi.go.jp; form-action 'self'; base-uri 'none'"
)


def form_field(name: str, label: str, kind: str = "text", **rest: Any) -> SimpleNamespace:
    """What a feature's form hands to ``ui.field``."""
    return SimpleNamespace(name=name, label=label, kind=kind, **rest)


FORM_FIELDS = [
    form_field(
        "alias",
        "名前または呼び名",
        required=True,
        hint="わからなければ呼び名だけでかまいません",
        errors=["名前か呼び名を入れてください"],
    ),
    form_field("phone", "電話", "tel", value="046-000-0000", inputmode="tel", autocomplete="off"),
    form_field("mail", "メール", "email", value="", autocomplete="email"),
    form_field(
        "route",
        "どこから",
        "select",
        required=True,
        choices=[("own", "自分で"), ("inside", "庁内から"), ("outside", "庁外から")],
        value="inside",
    ),
    form_field(
        "gas",
        "ガス",
        "radios",
        choices=[
            ("yes", "使える"),
            ("no", "使えない"),
            ("unknown", "まだ分からない", "あとで聞く一覧に入ります"),
        ],
        value="unknown",
        required=True,
    ),
    form_field(
        "allergens",
        "アレルギー",
        "checkboxes",
        choices=[
            ("wheat", "小麦"),
            ("egg", "卵"),
            ("milk", "乳"),
            ("shrimp", "えび"),
            ("buckwheat", "そば"),
        ],
        values=["wheat"],
        errors=["乳と「なし」は一緒に選べません"],
    ),
    form_field("recommended", "法第8条の勧奨があった", "checkbox", value=True),
    form_field(
        "story",
        "話の内容",
        "textarea",
        value="会社の寮を12月末に出る。\n<b>次の仕事</b>は決まっている。",
        rows=5,
    ),
    form_field("paper", "書類の写真", "file", accept="image/*", hint="8MBまで"),
    form_field("version", "", "hidden", value=3),
]
ROW_FIELDS = [
    form_field("rent_limit", "家賃の上限", "number", value=41000, unit="円"),
    form_field(
        "leave_by",
        "退去の期限",
        "date",
        value="2026-12-30",
        errors=["きょうより後の日を入れてください"],
    ),
    form_field("town", "町名", value="相武台", options=["相武台", "広野台", "入谷西"]),
]
FILTER_FIELDS = [
    form_field(
        "state", "状態", "select", choices=[("open", "進行中"), ("closed", "終了")], value="open"
    ),
    form_field("worker", "担当", value=""),
]
ERRORS = [
    ("alias", "名前か呼び名を入れてください"),
    ("allergens", "乳と「なし」は一緒に選べません"),
    ("leave_by", "退去の期限は、きょうより後の日を入れてください"),
]
CASES = [
    ("C-2026-0214", "見本 太郎（単身・67歳）", "12月30日", "41,000円", "候補を選ぶ"),
    ("C-2026-0221", "髙﨑 𠮷子（母と子2人）", "1月31日", "53,000円", "希望を聞く"),
    ("C-2026-0198", "「緑のかばんの方」", None, "41,000円", "見守りの電話"),
]
SIGN_IN_FIELDS = [
    form_field("user_name", "利用者名", required=True, autocomplete="username"),
    form_field(
        "password", "パスワード", "password", required=True, autocomplete="current-password"
    ),
]
CODE_FIELD = form_field(
    "code",
    "確認コード",
    required=True,
    autocomplete="one-time-code",
    inputmode="numeric",
    maxlength=6,
)

ACCOUNT = {
    "calendar_url": "/account/calendar",
    "account": {
        "name": "例題 花子",
        "user_name": "hanako",
        "organisation": "見本市 自立相談支援",
        "email": "hanako@example.jp",
        "roles": [
            {"label": "相談支援員", "organisation": "見本市 自立相談支援", "until": None},
            {"label": "見守り担当", "organisation": "NPO架空", "until": "2027年3月31日"},
        ],
    },
    "sessions": [
        {
            "id": 1,
            "device": "Windows・Edge",
            "place": "相談室のPC",
            "seen_at": "いま",
            "current": True,
        },
        {
            "id": 2,
            "device": "Android・Chrome",
            "place": "",
            "seen_at": "11月20日 16:12",
            "current": False,
        },
    ],
    "second_factor": {
        "active": False,
        "qr_url": "/static/mark.svg",
        "secret": "ABCD EFGH IJKL MNOP",
        "code_field": CODE_FIELD,
    },
    "password_fields": [
        form_field(
            "old_password",
            "いまのパスワード",
            "password",
            required=True,
            autocomplete="current-password",
        ),
        form_field(
            "new_password",
            "新しいパスワード",
            "password",
            required=True,
            autocomplete="new-password",
            hint="12文字以上",
        ),
    ],
}

LABELS = [
    ("きょう", "today"),
    ("相談", "cases"),
    ("住まい", "homes"),
    ("食料", "food"),
    ("見守り", "followup"),
    ("会議", "meetings"),
    ("集計", "reports"),
]

# page name -> (template, context, signed in)
PAGES: dict[str, tuple[str, dict[str, Any], bool]] = {
    "gallery": (
        "components/gallery.html",
        {
            "form_fields": FORM_FIELDS,
            "row_fields": ROW_FIELDS,
            "filter_fields": FILTER_FIELDS,
            "errors": ERRORS,
            "cases": CASES,
            "reason_field": form_field("reason", "わけ", required=True),
        },
        True,
    ),
    "today": ("components/samples/today.html", {}, True),
    "candidates": ("components/samples/candidates.html", {}, True),
    "hand-out": ("components/samples/hand_out.html", {}, True),
    "import-preview": ("components/samples/import_preview.html", {}, True),
    "sign-in": (
        "accounts/sign_in.html",
        {
            "form_fields": SIGN_IN_FIELDS,
            "demo_users": [("hanako", "相談支援員", "mihon-no-kotoba")],
        },
        False,
    ),
    "second-factor": (
        "accounts/second_factor.html",
        {"code_field": CODE_FIELD, "other_way_url": "#"},
        False,
    ),
    "account": ("accounts/account.html", ACCOUNT, True),
    "error-404": ("errors/error.html", {"code": 404}, True),
    "error-401": ("errors/error.html", {"code": 401, "sign_in_url": "/sign-in"}, False),
    "error-500": ("errors/error.html", {"code": 500, "reference": "01JD3K"}, True),
}


def make_gallery() -> Flask:
    """The bare application; every page of ``PAGES`` at ``/<name>``."""
    app = Flask(
        "gallery", template_folder=str(APP / "templates"), static_folder=str(APP / "static")
    )
    app.secret_key = "only for looking at pages"
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_null_translations(newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    app.jinja_env.globals.update(csrf_token=lambda: "token", idempotency_key=lambda: "key")

    @app.get("/<name>")
    def page(name: str) -> str:
        template, context, signed_in = PAGES[name]
        frame: dict[str, Any] = {"demo": True, "home_url": "/today", "viewer": None}
        if signed_in:
            here = {"today": "きょう", "hand-out": "食料", "import-preview": "住まい"}.get(
                name, "相談"
            )
            frame |= {
                "viewer": SimpleNamespace(
                    key="u1",
                    name="例題 花子",
                    organisation="見本市 自立相談支援",
                    account_url="/account",
                ),
                "navigation": [
                    {"label": label, "url": "/today", "icon": icon, "current": label == here}
                    for label, icon in LABELS
                ],
                "search_url": "/search",
                "sign_out_url": "/sign-out",
            }
        return render_template(template, **frame, **context)

    @app.after_request
    def guard(response: Any) -> Any:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    return app


if __name__ == "__main__":
    make_gallery().run(port=8099)
