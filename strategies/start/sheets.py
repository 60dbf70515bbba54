"""The form of a new strategy as it was filled in: sent by a browser, or kept as a draft."""

import dataclasses
import uuid
from typing import Any

from django.http import QueryDict

from strategies.models import Draft
from strategies.start import entries


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sheet:
    """
    What stands in the form.

    ``template`` is what it was begun from, ``source`` the autofill job whose values were taken, ``long`` whether all
    questions are shown. ``key`` names the form: a draft is kept and a job is asked for under it. ``edition`` is the
    draft's that the form knows, 0 for none; ``is_saved`` whether all of it is in that draft.
    """

    typed: entries.Typed
    template: str = ""
    source: str = ""
    long: bool = False
    key: uuid.UUID = dataclasses.field(default_factory=uuid.uuid4)
    edition: int = 0
    is_saved: bool = True

    def but(self, **changes: Any) -> "Sheet":
        """Return the form with something else in it, which no draft holds yet."""
        return dataclasses.replace(self, is_saved=False, **changes)


def sent(post: QueryDict) -> Sheet:
    """
    Return what a browser sent, without the row that ``remove`` names.

    A key that is none is replaced, as if the form were another.
    """
    sent = {name: [str(value) for value in values] for name, values in post.lists()}
    # Before the rows left empty go, which would give those behind them other numbers.
    pairs = entries.without_row(sent, row) if (row := post.get("remove", "")) else sent
    return Sheet(
        typed=entries.sent(pairs),
        template=post.get("template_before", "")[:60],
        source=post.get("from", "")[:60],
        long=post.get("form") == "long",
        key=key(post.get("key", "")),
        edition=number(post.get("edition", "")),
        is_saved=False,
    )


def of(draft: Draft) -> Sheet:
    """Return what a draft keeps."""
    return Sheet(
        typed=draft.typed,
        template=draft.template,
        source=draft.source,
        long=draft.long,
        key=draft.key,
        edition=draft.edition,
    )


def idempotency_key(key: uuid.UUID) -> str:
    """Return the key under which a form's job is asked for, however often it is sent."""
    return f"page:{key}"


def number(text: str) -> int:
    """Return a number that a form carried; 0 for what is none."""
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 10 else 0


def key(text: str) -> uuid.UUID:
    """Return the key that a form carried; one that nothing has for what is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid4()
