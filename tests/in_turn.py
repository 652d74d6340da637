"""Two changes at the same moment, in a fixed order: the second waits for what the first wrote."""

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from app.db import separate_session
from app.errors import DomainError
from app.models import Base

Change = Callable[[Session], Any]


def in_turn(app: Flask, first: Change, second: Change, *, reading: Iterable[type[Base]]) -> str:
    """Run both, and say how the second ended: "done" or the name of its refusal.

    The second has read all rows of `reading` before the first writes, as a page has that was
    loaded a moment ago; SQLite, which lets one write after the other, lets it in only afterwards.
    """
    began, read, acted = (threading.Event() for _n in range(3))
    said: list[str] = []

    def one() -> None:
        with app.app_context(), separate_session(write=True) as session:
            session.connection()  # on SQLite the lock is taken here
            began.set()
            read.wait(timeout=0.5)
            first(session)
            session.flush()
            acted.set()
            time.sleep(0.3)  # the other one is waiting by now

    def other() -> None:
        began.wait(timeout=10)
        try:
            with app.app_context(), separate_session(write=True) as session:
                _kept = [session.scalars(sa.select(table)).all() for table in reading]
                read.set()
                acted.wait(timeout=10)
                second(session)
            said.append("done")
        except DomainError as error:
            said.append(type(error).__name__)

    threads = [threading.Thread(target=act) for act in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return said[0]
