"""Recognising the same home although it is written differently.

"座間市広野台４－１９－２１ コーポＡ棟 101号室" in October and "広野台4丁目19−21 / コーポ A棟 /
101" in November are one home. The key is made of the municipality, the address, the building and
the room, each in its spelling for comparison. Rent, layout and agent are left out: they may change
while the home stays the same.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from app.geocoding import split_address
from app.japanese import address_key, building_key, room_key


@dataclass(frozen=True)
class HomeKey:
    """``municipality`` is "" while it is not known; ``str(key)`` is what a database stores."""

    municipality: str
    street: str
    building: str
    room: str

    def __str__(self) -> str:
        return "|".join((self.municipality or "?", *self.local))

    @property
    def local(self) -> tuple[str, str, str]:
        """The key without municipality, for a row that leaves it out."""
        return self.street, self.building, self.room


def home_key(address: str, building: str, room: str, *, municipality: str | None = None) -> HomeKey:
    """The key of a home; ``municipality`` supplies the one an address leaves out."""
    stated, street = split_address(address)
    if stated is None:
        return HomeKey(
            municipality or "", address_key(address), building_key(building), room_key(room)
        )
    return HomeKey(stated.name, street, building_key(building), room_key(room))


def recognise(key: HomeKey, known: Iterable[HomeKey]) -> tuple[HomeKey, ...]:
    """The known homes a key may stand for: one is a match, none a new home, several a question.

    An equal key decides at once. Otherwise a key without municipality matches the known homes with
    the same street, building and room, and a key with one matches those whose municipality is not
    known.
    """
    candidates = [other for other in known if other.local == key.local]
    exact = tuple(other for other in candidates if other.municipality == key.municipality)
    if exact:
        return exact[:1]
    if not key.municipality:
        return tuple(candidates)
    return tuple(other for other in candidates if not other.municipality)
