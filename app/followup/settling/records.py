"""Link-ins, decisions and devices as plain values, through `policy.present`."""

from app.followup.records import taken
from app.followup.settling.models import LinkIn, WatchDecision
from app.followup.signals.models import SafetyDevice
from app.policy import Access, Presented, present


def shown_link_in(one: LinkIn, access: Access) -> Presented:
    """A link-in; the partner by the name it had then."""
    values = taken(one, ("id", "version", "day", "what", "result", "user_id"))
    return present("link_in", values | {"partner": one.partner_name}, access)


def shown_decision(one: WatchDecision, access: Access) -> Presented:
    """A decision about the end."""
    names = ("id", "kind", "day", "until_on", "leave_reason", "reason", "user_id")
    return present("watch_decision", taken(one, names), access)


def shown_device(one: SafetyDevice, access: Access) -> Presented:
    """A device in a home."""
    names = ("id", "version", "serial", "kind", "fitted_on", "removed_on")
    return present("safety_device", taken(one, names), access)
