"""Changing the brief of a strategy that is there: one at a time, and nothing overwritten unseen."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_noop as _

from strategies import basis, brief, versions
from strategies.errors import Refused
from strategies.life import statuses
from strategies.models import Strategy


def mark(strategy: Strategy) -> str:
    """Return what tells a strategy's answers from any others: a form carries it, to find out what came between."""
    asked = basis.asked(strategy)
    return salted_hmac("strategies.brief", repr(sorted(asked.items())), algorithm="sha256").hexdigest()[:32]


def change(strategy: Strategy, ask: Callable[[Strategy], Any], *, read: str | None = None) -> bool:
    """
    Store what ``ask`` makes of the answers that stand there now; return whether that changed anything.

    ``read`` is the mark of the answers that were read. Raises ``brief.Invalid``, or ``Refused``: ``archived``, or
    ``stale`` where the answers are others by now.
    """
    with transaction.atomic():
        held = versions.hold(strategy)
        statuses.check_open(held)
        if read is not None and read != mark(held):
            raise Refused("stale", _("The brief was changed in another window meanwhile."))
        before, cleaned = mark(held), brief.clean_strategy(ask(held))
        for name, value in vars(cleaned).items():
            setattr(held, name, value)
        # These alone: its status may change at the same moment.
        held.save(update_fields=[*vars(cleaned), "updated"])
    strategy.refresh_from_db()
    return mark(held) != before
