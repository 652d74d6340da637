"""Which number rings for somebody: the one heard last, else the list's, unless it was wrong."""

from app.leads.models import Lead


def settle_number(lead: Lead) -> None:
    """Work out the number to ring anew; None when there is none or it was another's."""
    digits = lead.new_digits or lead.phone_digits
    lead.call_digits = None if digits == lead.wrong_digits else digits


def call_key(lead: Lead) -> str:
    """What two people must not hold at once: the number, whoever's loan it stands beside."""
    return lead.call_digits or f"lead:{lead.id}"
