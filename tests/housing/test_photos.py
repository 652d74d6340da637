"""Pictures of a home: made anew, all or none, seen only by those who may see homes."""

import contextlib
import io
import threading
from datetime import timedelta

import pytest
import sqlalchemy as sa
from PIL import Image

from app.db import now, separate_session
from app.errors import ConflictError
from app.housing.models import Home, HomePhoto
from app.housing.photos import pictures
from app.housing.photos.services import MOST, forget_removed, put_back
from app.policy import Role
from tests.housing.makers import a_home

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825


def a_picture(size=(2400, 1200), *, kind="JPEG", colour="red", **exif):
    image = Image.new("RGBA" if kind == "PNG" else "RGB", size, colour)
    tags = Image.Exif()
    tags[MAKE] = "架空カメラ"
    tags.get_ifd(GPS)[1] = "N"
    tags[ORIENTATION] = exif.get("orientation", 1)
    out = io.BytesIO()
    image.save(out, kind, exif=tags)
    return out.getvalue()


@pytest.fixture
def worker(make):
    return make.user(Role.HOUSING)


@pytest.fixture
def desk(worker, browser_of):
    return browser_of(worker)


@pytest.fixture
def home(make, worker):
    return a_home(make, worker)


@pytest.fixture
def other_of(make, browser_of):
    return lambda role: browser_of(make.user(role)).raw


@pytest.fixture
def hand_in(desk, home):
    """Hand files in on the page of a home's pictures."""

    def send(*files, status=200, **values):
        given = [(io.BytesIO(content), f"shashin{n}.jpg") for n, content in enumerate(files)]
        page = desk.get(f"/homes/{home.id}/photos")
        typed = {"files": given, **values}
        return desk.submit(page, typed, action=f"/homes/{home.id}/photos", status=status)

    return send


def kept(in_database):
    return in_database(lambda s: s.scalars(sa.select(HomePhoto).order_by(HomePhoto.position)).all())


def test_a_picture_is_made_smaller_upright_and_without_place_or_camera(
    desk, hand_in, home, in_database
):
    hand_in(a_picture(orientation=6), caption="台所")
    [photo] = kept(in_database)
    answer = desk.raw.get(f"/homes/{home.id}/photos/{photo.id}.jpg")
    assert answer.mimetype == "image/jpeg"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    picture = Image.open(io.BytesIO(answer.data))
    assert (picture.size, picture.format) == ((800, 1600), "JPEG")
    assert len(picture.getexif()) == 0
    assert "架空カメラ".encode() not in answer.data
    small = desk.raw.get(f"/homes/{home.id}/photos/{photo.id}-small.jpg")
    assert Image.open(io.BytesIO(small.data)).size == (200, 400)


def test_pictures_stand_on_the_home_page_with_their_words(desk, hand_in, home):
    hand_in(a_picture(), a_picture((300, 200), kind="PNG"), a_picture(kind="WEBP"), caption="台所")
    shown = desk.get(f"/homes/{home.id}").soup.select(".photos img")
    assert [image["alt"] for image in shown] == ["台所"] * 3


def test_a_plan_drawn_on_nothing_stays_readable(desk, hand_in, home, in_database):
    hand_in(a_picture((300, 200), kind="PNG", colour=(0, 0, 0, 0)), kind="floor_plan")
    [photo] = kept(in_database)
    data = desk.raw.get(f"/homes/{home.id}/photos/{photo.id}.jpg").data
    assert Image.open(io.BytesIO(data)).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    "content",
    [
        b"", b"%PDF-1.7 no picture", b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        a_picture()[:400], b"\xff\xd8\xff\xe0" + b"\x00" * 40,
    ],
)  # fmt: skip
def test_a_file_that_is_no_picture_is_refused_and_none_of_the_others_is_kept(
    hand_in, in_database, content
):
    page = hand_in(a_picture(), content, status=422)
    assert "画像として開けません" in page.errors
    assert kept(in_database) == []


def test_a_picture_that_unfolds_to_too_much_is_refused_before_it_is_read(
    hand_in, in_database, monkeypatch
):
    monkeypatch.setattr(pictures, "MOST_PIXELS", 10_000)
    assert "画素が多すぎます" in hand_in(a_picture((101, 100)), status=422).errors
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    assert "10MB" in hand_in(a_picture((10, 10)), status=422).errors
    assert kept(in_database) == []


def test_a_home_has_at_most_twelve(hand_in, in_database):
    small = a_picture((20, 20))
    hand_in(*[small] * (MOST - 1))
    assert f"{MOST}枚まで" in hand_in(small, small, status=422).errors
    hand_in(small)
    assert len(kept(in_database)) == MOST


def test_choosing_no_file_is_told(hand_in):
    assert "写真を選んでください" in hand_in(status=422).errors


def test_pictures_are_put_in_order(desk, hand_in, home, in_database):
    for caption in "一二三":
        hand_in(a_picture((20, 20)), caption=caption)
    third = kept(in_database)[2]
    page = desk.get(f"/homes/{home.id}/photos")
    desk.submit(page, {"place": "1", "caption": "玄関"}, action=f"/photos/{third.id}")
    assert [photo.caption for photo in kept(in_database)] == ["玄関", "一", "二"]


def test_a_removed_picture_can_be_put_back_and_is_gone_after_a_day(
    desk, hand_in, home, in_database
):
    hand_in(a_picture((20, 20)))
    [photo] = kept(in_database)
    url = f"/homes/{home.id}/photos/{photo.id}"
    page = desk.submit(desk.get(f"/homes/{home.id}/photos"), action=f"{url}/remove")
    assert "元に戻せます" in page.text
    assert desk.raw.get(f"{url}.jpg").status_code == 404
    page = desk.submit(page, action="/put-back")
    assert desk.raw.get(f"{url}.jpg").status_code == 200
    page = desk.submit(page, action=f"{url}/remove")
    removed_at = kept(in_database)[0].removed_at
    for hours, left in ((23, 1), (25, 0)):
        later = removed_at + timedelta(hours=hours)
        in_database(lambda s, at=later: forget_removed(s, at=at))
        assert len(kept(in_database)) == left


@pytest.mark.parametrize(("role", "status"), [(Role.CONSULTANT, 200), (Role.FOODBANK, 403)])
def test_who_may_see_homes_may_see_their_pictures(other_of, hand_in, in_database, role, status):
    hand_in(a_picture((20, 20)))
    [photo] = kept(in_database)
    other = other_of(role)
    assert other.get(f"/homes/{photo.home_id}/photos/{photo.id}.jpg").status_code == status
    assert other.get(f"/homes/{photo.home_id}/photos").status_code == 403


def test_a_picture_is_found_only_under_its_own_home(desk, hand_in, make, worker, in_database):
    hand_in(a_picture((20, 20)))
    [photo] = kept(in_database)
    other = a_home(make, worker)
    assert desk.raw.get(f"/homes/{other.id}/photos/{photo.id}.jpg").status_code == 404


def test_the_home_page_takes_the_same_statements_for_one_picture_and_many(
    desk, hand_in, home, count_queries
):
    counts = []
    for files in (1, 8):
        hand_in(*[a_picture((20, 20))] * files)
        desk.get(f"/homes/{home.id}")
        count_queries()
        desk.get(f"/homes/{home.id}")
        counts.append(count_queries())
    assert counts[0] == counts[1]


def test_a_scan_in_sixteen_bits_of_grey_is_not_cut_to_white(desk, hand_in, home, in_database):
    out = io.BytesIO()
    Image.new("I;16", (40, 40), 0x8000).save(out, "PNG")
    hand_in(out.getvalue(), kind="floor_plan")
    [photo] = kept(in_database)
    data = desk.raw.get(f"/homes/{home.id}/photos/{photo.id}.jpg").data
    assert Image.open(io.BytesIO(data)).getpixel((10, 10)) == (128, 128, 128)


def test_two_pictures_put_back_at_once_do_not_make_thirteen(hand_in, home, app, in_database):
    small = a_picture((20, 20))
    hand_in(*[small] * MOST)
    removed = [photo.id for photo in kept(in_database)[:2]]

    def take_away(session):
        session.execute(
            sa.update(HomePhoto).where(HomePhoto.id.in_(removed)).values(removed_at=now())
        )

    in_database(take_away)
    hand_in(small)
    barrier, said = threading.Barrier(2), []

    def put_one_back(photo_id):
        with app.app_context(), separate_session(write=True) as session:
            its_home = session.get_one(Home, home.id)
            photo = session.get_one(HomePhoto, photo_id)
            with contextlib.suppress(threading.BrokenBarrierError):
                barrier.wait(timeout=0.5)  # SQLite lets one in after the other
            try:
                put_back(session, home=its_home, photo=photo, user_id=photo.user_id)
                session.flush()
                said.append("back")
            except ConflictError:
                said.append("full")

    threads = [threading.Thread(target=put_one_back, args=(one,)) for one in removed]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["back", "full"]
    present = [photo for photo in kept(in_database) if photo.removed_at is None]
    assert len(present) == MOST


def test_the_list_of_homes_shows_the_first_picture_of_each(desk, home, make, worker, hand_in):
    bare = a_home(make, worker)
    hand_in(a_picture(), a_picture((100, 100)), kind="photo", caption="台所")
    page = desk.raw.get("/homes").get_data(as_text=True)
    assert page.count("-small.jpg") == 1
    assert f"/homes/{home.id}/photos/" in page
    assert f"/homes/{bare.id}/photos/" not in page


def test_pictures_do_not_make_the_list_ask_the_database_more_often(
    desk, make, worker, hand_in, count_queries
):
    hand_in(a_picture((100, 100)), kind="photo", caption="")
    count_queries()
    desk.get("/homes")
    few = count_queries()
    for _n in range(3):
        other = a_home(make, worker)
        files = {"files": [(io.BytesIO(a_picture((100, 100))), "a.jpg")], "kind": "photo"}
        page = desk.get(f"/homes/{other.id}/photos")
        desk.submit(page, files, action=f"/homes/{other.id}/photos")
    count_queries()
    desk.get("/homes")
    assert count_queries() <= few
