"""Who may watch what: one rule for each kind of topic."""

import logging
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final

from django.core.exceptions import ValidationError

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

type User = AbstractBaseUser | AnonymousUser
type Rule = Callable[[User, str], bool]

logger = logging.getLogger(__name__)

# Strict, so that a name can go into a Redis channel, a cursor and a log line as it is.
_NAME: Final = re.compile(r"(?P<kind>[a-z][a-z0-9_]{0,31}):(?P<key>[A-Za-z0-9_.-]{1,128})", re.ASCII)

_rules: dict[str, Rule] = {}


def topic(kind: str) -> Callable[[Rule], Rule]:
    """
    Register the rule for topics named ``kind:<key>``.

    The rule is a sync function ``(user, key) -> bool``; it may query. It must answer for a thing that does not exist as
    it does for somebody else's, with the same number of queries.
    """

    def register(rule: Rule) -> Rule:
        if kind in _rules:
            raise ValueError(f"There is a rule for topics of kind {kind!r} already.")
        _rules[kind] = rule
        return rule

    return register


def valid(name: str) -> bool:
    """Whether ``name`` is a topic's name: ``kind:key``, ASCII letters, digits and ``_.-``, at most 161 characters."""
    return _NAME.fullmatch(name) is not None


def check(*names: str) -> None:
    """Raise ``ValueError`` for the first of these that is no topic's name."""
    for name in names:
        if not valid(name):
            raise ValueError(f"{name!r:.60} is no topic: a name is kind:key, of ASCII letters, digits and _.-")


def permitted(user: User, names: Iterable[str]) -> bool:
    """Whether ``user`` may watch all of these topics. Sync; may query."""
    for name in names:
        match = _NAME.fullmatch(name)
        rule = _rules.get(match["kind"]) if match else None
        if match is None:
            return False
        if rule is None:
            logger.warning(
                "nobody may watch %s: no @sse.topic(%r) was found in an installed app's topics.py", *match.group(0, 1)
            )
            return False
        try:
            if not rule(user, match["key"]):
                return False
        except (ValueError, ValidationError):
            return False  # the key is none of this kind: ``filter(pk="nope")`` raises where a number is wanted
    return True


@topic("user")
def own(user: User, key: str) -> bool:
    """Everybody may watch what is told to them: announcements, own jobs begun and ended."""
    return str(user.pk) == key
