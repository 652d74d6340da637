"""What became of each visit somebody wanted to move, with the words on screen."""

from enum import StrEnum


class Outcome(StrEnum):
    """ONLY_PERSON: somebody else goes, and the day stays, for it was agreed with the household."""

    MOVED = "moved"
    ONLY_PERSON = "only_person"
    DONE = "done"
    WITHDRAWN = "withdrawn"
    MOVED_FIRST = "moved_first"
    NOT_THEIRS = "not_theirs"
    PROMISED = "promised"
    SAME = "same"


MOVED = frozenset({Outcome.MOVED, Outcome.ONLY_PERSON})

OUTCOME_WORDS = {
    Outcome.MOVED: "動かしました",
    Outcome.ONLY_PERSON: "人だけ代わりました。約束の時間があるので、日はそのままです。"
    "世帯と約束し直してください。",
    Outcome.DONE: "もう記録されています。",
    Outcome.WITHDRAWN: "計画が変わり、取りやめになっています。",
    Outcome.MOVED_FIRST: "ほかの人が先に動かしました。いまの人と日を確かめてください。",
    # One sentence whatever keeps somebody out: hiding, a consent, a team.
    Outcome.NOT_THEIRS: "選んだ人は、この世帯を開けません。ほかの人を選んでください。",
    Outcome.PROMISED: "約束の時間があるので、そのままです。世帯と約束し直してください。",
    Outcome.SAME: "もう、その人のその日の訪問です。",
}
