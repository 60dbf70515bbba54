"""
Drafts of new strategies: kept while somebody types, and never overwritten unseen.

A draft counts its editions. Whoever saves names the one that they know; another in between, from a second window or
device, is a refusal and not a loss. A window's own savings need no such care, they are put in order by their turns:
the last one, sent while the window closes, may overtake the one before it.
"""

from typing import TYPE_CHECKING, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext_noop as _

from strategies import brief
from strategies.errors import Refused
from strategies.models import Draft, Job
from strategies.start import sheets
from strategies.start.sheets import Sheet

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# In characters; the longest honest brief has about this many.
LONGEST: Final = 200_000
# Enough for whoever plans a year for several clients; a bound for what one user may store.
MOST: Final = 30


def save(sheet: Sheet, *, owner: "User", writer: str = "", turn: int = 0, over: bool = False) -> Draft | None:
    """
    Keep what stands in a form; return the draft, None where nothing stands in it.

    Raises ``Refused``: ``stale`` (saved elsewhere meanwhile, and not ``over`` it), ``gone``, ``started``,
    ``too_many_drafts``; or ``brief.Invalid`` for what can't be kept.
    """
    _check_size(sheet)
    with transaction.atomic():
        hold(owner)
        held = Draft.objects.filter(owner=owner, key=sheet.key).first()
        if held is None:
            if not any(any(values) for values in sheet.typed.values()) and not sheet.edition:
                return None
            _check_new(sheet, owner, over=over)
            return _write(Draft(owner=owner, key=sheet.key, edition=0), sheet, writer=writer, turn=turn)
        if writer and held.writer == writer:
            if turn <= held.turn:
                return held
        elif held.edition != sheet.edition and not over and not _says_the_same(held, sheet):
            raise Refused("stale", _("It was saved in another window meanwhile."))
        return _write(held, sheet, writer=writer, turn=turn)


def check_user(named: str, *, owner: "User") -> None:
    """Raise ``Refused`` where a form names another user than who is signed in; a form that names none is the user's."""
    if named and named != str(owner.pk):
        raise Refused(
            "other_user",
            _(
                "Somebody else is signed in now, and nothing was saved. "
                "What you typed stays on this page: copy it, or sign in again as yourself in another tab and save it."
            ),
        )


def hold(owner: "User") -> None:
    """Let one request at a time change which drafts a user has; needs a transaction."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=owner.pk)


def end(sheet: Sheet, *, owner: "User") -> None:
    """Delete a form's draft, since its strategy is made; in the same transaction, behind ``hold``."""
    Draft.objects.filter(owner=owner, key=sheet.key).delete()


def _check_size(sheet: Sheet) -> None:
    texts = [text for values in sheet.typed.values() for text in values]
    length = sum(map(len, texts))
    if length > LONGEST:
        raise brief.Invalid(
            {
                "draft": [
                    _("These are {length} characters; a draft may have {longest}.").format(
                        length=f"{length:,}", longest=f"{LONGEST:,}"
                    )
                ]
            }
        )
    # PostgreSQL refuses it, wherever it stands.
    if any("\0" in text for text in texts):
        raise brief.Invalid({"draft": [_("The character U+0000 can't be stored: take it out of what you pasted.")]})


def _check_new(sheet: Sheet, owner: "User", *, over: bool) -> None:
    if Job.objects.filter(owner=owner, idempotency_key=sheets.idempotency_key(sheet.key)).exists():
        raise Refused("started", _("The strategy was created from it already."))
    if sheet.edition and not over:
        raise Refused("gone", _("The draft was deleted in another window meanwhile."))
    if Draft.objects.filter(owner=owner).count() >= MOST:
        raise Refused(
            "too_many_drafts", _("You have {most} drafts, as many as one may: delete one first.").format(most=MOST)
        )


def _write(draft: Draft, sheet: Sheet, *, writer: str, turn: int) -> Draft:
    if draft.edition and _says_the_same(draft, sheet) and (draft.writer, draft.long) == (writer, sheet.long):
        draft.turn = turn
        draft.save(update_fields=["turn"])
        return draft
    name = " ".join(" ".join(sheet.typed.get("name", ())).split())
    draft.name, draft.typed = name[:200], {key: list(values) for key, values in sheet.typed.items()}
    draft.template, draft.source, draft.long = sheet.template, sheet.source, sheet.long
    draft.edition, draft.writer, draft.turn = draft.edition + 1, writer, turn
    draft.save()
    return draft


def _says_the_same(draft: Draft, sheet: Sheet) -> bool:
    """Whether a draft holds just this already: the answer to an earlier request may have been lost."""
    told = {key: list(values) for key, values in sheet.typed.items()}
    return (draft.typed, draft.template, draft.source) == (told, sheet.template, sheet.source)
