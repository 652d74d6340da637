"""What cannot be matched at all, said in the users' words."""


class MatchingInputError(ValueError):
    """Contradictory or absurd input; ``message`` is the sentence the user reads."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NeedError(MatchingInputError):
    """A household's need that no answer could be right for."""


class HomeError(MatchingInputError):
    """Columns of homes that do not fit together."""


class FoodError(MatchingInputError):
    """A household, lot or wish no parcel could be right for."""


class GoodsError(MatchingInputError):
    """A need, home or piece of furniture that no answer could be right for."""


class RouteError(MatchingInputError):
    """Stops and hours that no way through a day could be right for."""


class AssignmentError(MatchingInputError):
    """Households, homes and pairs that no assignment could be right for."""


class CertificateError(RuntimeError):
    """An answer that is not proved best: a fault of the program, never of the input."""
