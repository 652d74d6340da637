"""How mail leaves: addresses of servers, what counts as refused, and no password in the clear."""

import os
import smtplib
import socketserver
import threading
from email.message import EmailMessage

import pytest

from app.mail import transports
from app.mail.transports import Folder, RefusedError, Smtp, UnreachableError, transport_of

pytestmark = pytest.mark.once


def a_mail():
    message = EmailMessage()
    message["From"], message["To"] = "tsunagi@example.jp", "hanako@example.jp"
    message["Subject"] = "12月1日の予定"
    message.set_content("10:30　内見\n")
    return message


class Server(socketserver.ThreadingTCPServer):
    """As much SMTP as a client needs; `answers` overrides what it says to a command."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, **answers):
        self.answers, self.heard, self.data = answers, [], b""
        super().__init__(("127.0.0.1", 0), Talk)


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        self.say("220 here")
        while line := self.rfile.readline().decode().strip():
            verb = line.partition(" ")[0].upper()
            self.server.heard.append(line)
            if verb == "DATA" and verb not in self.server.answers:
                self.say("354 go on")
                while (row := self.rfile.readline()) != b".\r\n":
                    self.server.data += row
                self.say(self.server.answers.get("END", "250 kept"))
            else:
                self.say(self.server.answers.get(verb, "250 ok"))
            if verb == "QUIT":
                return

    def say(self, line):
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def serve():
    running = []

    def start(**answers):
        server = Server(**answers)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        running.append(server)
        return server

    yield start
    for server in running:
        server.shutdown()
        server.server_close()


def to(server, **settings):
    return Smtp("127.0.0.1", server.server_address[1], **{"tls": "off", **settings})


def test_a_mail_reaches_the_server_whole(serve):
    server = serve(QUIT="250 what?")  # as one odd server says it
    to(server).send(a_mail(), name="mail-1")
    assert "rcpt TO:<hanako@example.jp>" in server.heard
    assert b"Subject: =?utf-8?" in server.data


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"RCPT": "550 nobody here"}, RefusedError),
        ({"RCPT": "450 come back later"}, UnreachableError),
        ({"END": "554 no such mail"}, RefusedError),
        ({"END": "451 disk full"}, UnreachableError),
        ({"MAIL": "421 closing"}, UnreachableError),
    ],
)
def test_no_for_good_and_no_for_now_are_told_apart(serve, answers, error):
    with pytest.raises(error):
        to(serve(**answers)).send(a_mail(), name="mail-1")


def test_without_encryption_no_password_leaves(serve):
    server = serve()
    with pytest.raises(UnreachableError):
        to(server, tls="starttls", user="u", password="hidden").send(a_mail(), name="mail-1")
    assert not [line for line in server.heard if line.upper().startswith(("AUTH", "MAIL"))]


def test_nobody_there_is_no_crash():
    with pytest.raises(UnreachableError):
        Smtp("127.0.0.1", 1, tls="off").send(a_mail(), name="mail-1")


def test_a_server_with_tls_from_the_first_byte_is_asked_so(monkeypatch):
    asked = []

    class Tls:
        def __init__(self, host, port, **kwargs):
            asked.append((host, port, kwargs["context"].check_hostname))
            raise smtplib.SMTPServerDisconnected

    monkeypatch.setattr(transports.smtplib, "SMTP_SSL", Tls)
    with pytest.raises(UnreachableError):
        transport_of("smtps://mail.example.jp", folder=None).send(a_mail(), name="mail-1")
    assert asked == [("mail.example.jp", 465, True)]


def test_the_way_out_is_read_from_one_address(tmp_path):
    assert transport_of("", folder=tmp_path) == Folder(tmp_path)
    assert transport_of("smtp://a%40b:p%2Fq@mail.example.jp", folder=tmp_path) == Smtp(
        "mail.example.jp", 587, "starttls", "a@b", "p/q"
    )
    assert transport_of("smtp://localhost:25?tls=off", folder=tmp_path) == Smtp(
        "localhost", 25, "off"
    )
    for nonsense in ("mail.example.jp", "http://mail.example.jp", "smtp://", "smtp://a?tls=no"):
        with pytest.raises(ValueError, match="MAIL_URL"):
            transport_of(nonsense, folder=tmp_path)


def test_files_in_the_folder_are_their_owners_and_go_after_a_month(tmp_path):
    folder = Folder(tmp_path / "mails")
    folder.send(a_mail(), name="old")
    old = tmp_path / "mails" / "old.eml"
    os.utime(old, (0, 0))
    folder.send(a_mail(), name="new")
    folder.send(a_mail(), name="new")  # tried again
    assert [file.name for file in (tmp_path / "mails").iterdir()] == ["new.eml"]


def test_a_folder_that_cannot_be_written_is_tried_again_later(tmp_path):
    (tmp_path / "mails").write_text("in the way")
    with pytest.raises(UnreachableError):
        Folder(tmp_path / "mails").send(a_mail(), name="mail-1")
