"""How a mail leaves the house: through a mail server, or into a folder until one is set up.

MAIL_URL=smtp://user:password@mail.example.jp:587   STARTTLS, which the server has to offer
MAIL_URL=smtps://user:password@mail.example.jp:465  TLS from the first byte
MAIL_URL=smtp://localhost:25?tls=off                a relay on the machine itself
"""

import os
import smtplib
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

TIMEOUT = 15  # seconds
KEPT = 30 * 24 * 3600  # seconds a mail lies in the folder


class RefusedError(Exception):
    """The other side will not take this mail, now or later."""


class UnreachableError(Exception):
    """No mail can leave at the moment."""


class Transport(Protocol):
    """Takes one mail, or raises RefusedError or UnreachableError."""

    def send(self, message: EmailMessage, *, name: str) -> None:
        """`name` is the same each time a mail is tried again."""


@dataclass(frozen=True)
class Folder:
    """Mails as files, to look at; without a mail server nothing gets lost and nobody waits."""

    path: Path

    def send(self, message: EmailMessage, *, name: str) -> None:
        try:
            self._lay(message.as_bytes(), self.path / f"{name}.eml")
        except OSError as error:  # a full disk is no other than a server that does not answer
            raise UnreachableError from error

    def _lay(self, content: bytes, path: Path) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._forget_old()
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(content)

    def _forget_old(self) -> None:
        """They carry case numbers, so they do not stay for ever."""
        oldest = time.time() - KEPT
        for file in self.path.glob("*.eml"):
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)


@dataclass(frozen=True)
class Smtp:
    """A mail server. A password never travels unencrypted except where `tls` is "off"."""

    host: str
    port: int
    tls: str  # "starttls", "implicit" or "off"
    user: str = ""
    password: str = ""

    def send(self, message: EmailMessage, *, name: str) -> None:
        try:
            server = self._connected()
            try:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(message)
            finally:
                with suppress(smtplib.SMTPException, OSError):
                    server.quit()  # an odd good-bye does not take back what was accepted
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError) as error:
            if _for_good(error):
                raise RefusedError from error
            raise UnreachableError from error
        except (smtplib.SMTPException, OSError) as error:
            raise UnreachableError from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.tls == "implicit":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT, context=context)
        server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT)
        if self.tls == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server


def _for_good(error: smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError) -> bool:
    """Whether the server said no (5xx) and not: later (4xx)."""
    if isinstance(error, smtplib.SMTPDataError):
        return error.smtp_code >= 500
    return all(code >= 500 for code, _text in error.recipients.values())


def transport_of(url: str, *, folder: Path) -> Transport:
    """The way out that MAIL_URL names; the folder without one. Raises ValueError for nonsense."""
    if not url:
        return Folder(folder)
    parts = urlsplit(url)
    tls = parse_qs(parts.query).get("tls", [""])[0]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or tls not in {"", "off"}:
        raise ValueError("MAIL_URL must look like smtp://user:password@mail.example.jp:587")
    implicit = parts.scheme == "smtps"
    return Smtp(
        host=parts.hostname,
        port=parts.port or (465 if implicit else 587),
        tls="implicit" if implicit else tls or "starttls",
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )
