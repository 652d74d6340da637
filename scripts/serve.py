"""Migrate, load demo data into an empty database, then serve with the job ticker beside it."""

import os
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from alembic import command as alembic
from flask import Flask

from app import create_app, jobs
from app.commands import alembic_config
from app.db import db, separate_session, today
from app.demo.commands import load_into_empty, remember_for_sign_in_page, sign_ins
from app.housing.proposals import towns_with_homes


def main() -> None:
    """Prepare the database once, then hand over to the server; Ctrl-C stops both."""
    app = create_app()
    alembic.upgrade(alembic_config(app.config), "head")
    with app.app_context():
        if app.config["DEMO"]:
            load_into_empty()
            remember_for_sign_in_page()
            print(sign_ins())
        db.engine.dispose()  # a SQLite connection must not be carried into another process
    host, port = os.environ["HOST"], int(os.environ["PORT"])
    print(f"\nつなぎ → http://{host}:{port}/   （止めるには Ctrl-C）", flush=True)
    serve(app, host, port)


def beside(app: Flask) -> None:
    """What runs where the pages run: the ticker, and the homes read before anybody asks."""
    jobs.start_ticker(app)
    threading.Thread(target=read_homes, args=(app,), daemon=True).start()


def read_homes(app: Flask) -> None:
    """Nobody at the counter shall wait for the first reading of all homes."""
    with app.app_context(), separate_session(write=False) as session:
        towns_with_homes(session, today=today())


def serve(app: Flask, host: str, port: int) -> None:
    """gunicorn where it exists, waitress on Windows."""
    if sys.platform == "win32":
        import waitress  # noqa: PLC0415 - only where it is needed

        beside(app)
        waitress.serve(app, host=host, port=port, threads=8)
        return
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415 - not importable on Windows

    class Server(BaseApplication):  # type: ignore[misc]
        def load_config(self) -> None:
            self.cfg.set("bind", f"{host}:{port}")
            self.cfg.set("worker_class", "gthread")
            self.cfg.set("workers", 1)
            self.cfg.set("threads", 16)
            self.cfg.set("timeout", 120)
            self.cfg.set("graceful_timeout", 5)
            self.cfg.set("accesslog", None)
            self.cfg.set("control_socket_disable", True)
            self.cfg.set("post_worker_init", lambda _worker: beside(app))

        def load(self) -> object:
            return app

    Server().run()


if __name__ == "__main__":
    main()
