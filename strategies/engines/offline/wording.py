"""How the planner writes: quotations, lists, counts and amounts. The user's words are quoted whole, never altered."""

from collections.abc import Iterable, Sequence
from typing import Any

from strategies.arithmetic.figures import number

SINGULAR = {
    "Blog Posts": "blog post",
    "Videos": "video",
    "Infographics": "infographic",
    "Podcasts": "podcast episode",
    "Webinars": "webinar",
    "Case Studies": "case study",
    "Whitepapers": "whitepaper",
    "Social Media Posts": "social media post",
    "Email Newsletters": "e-mail newsletter",
    "Interactive Content": "interactive piece",
    "Other formats": "piece in another format",
}
PLURAL = {
    "Podcasts": "podcast episodes",
    "Email Newsletters": "e-mail newsletters",
    "Case Studies": "case studies",
    "Interactive Content": "interactive pieces",
    "Other formats": "pieces in other formats",
}


def quote(text: str) -> str:
    """Set the user's words in quotation marks, whole and as they are."""
    return f"“{text}”"


def listing(items: Iterable[str], *, most: int = 4, word: str = "and") -> str:
    """Join items as prose does; what is beyond the most is summed up, so that a long list stays a sentence."""
    parts = list(items)
    if len(parts) > most:
        parts = [*parts[:most], "others"]
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} {word} {parts[-1]}" if parts else ""


def quotes(texts: Iterable[str], *, most: int = 4) -> str:
    """Quote several texts as a list."""
    return listing((quote(text) for text in texts), most=most)


def plural(form: str) -> str:
    """Name a format in the middle of a sentence."""
    return PLURAL.get(form, form.lower())


def one(form: str) -> str:
    """Name one piece of a format, with its article."""
    name = SINGULAR.get(form, form.lower())
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def count(pieces: int, form: str) -> str:
    """Name so many pieces of a format."""
    return f"{number(pieces)} {SINGULAR.get(form, form.lower()) if pieces == 1 else plural(form)}"


def counts(by_form: Iterable[tuple[str, int]], *, most: int = 6) -> str:
    """Name the pieces of several formats, without those that have none."""
    return listing((count(pieces, form) for form, pieces in by_form if pieces), most=most)


def pieces(amount: int) -> str:
    """Name a number of pieces."""
    return f"{number(amount)} piece" + ("" if amount == 1 else "s")


def share(amount: int, *, of: int) -> str:
    """Name a part of some pieces, from none on."""
    return f"{'None' if not amount else number(amount)} of {pieces(of)}"


def out(amount: int, *, of: int | None = None) -> str:
    """Say how many pieces are out."""
    if not amount:
        return "no piece is out yet"
    total = pieces(amount) if of is None else f"{number(amount)} of {pieces(of)}"
    return f"{total} {'is' if amount == 1 else 'are'} out"


def months(amount: int) -> str:
    """Name a number of months."""
    return f"{number(amount)} month" + ("" if amount == 1 else "s")


def money(value: float, unit: str) -> str:
    """Name an amount with the currency and the span of its unit; a part of a unit has two digits, as in prices."""
    amount = f"{value:,.2f}" if value != int(value) and value >= 1 else number(value)
    return f"{amount} {unit}".rstrip()


def statement(text: str, *fields: str) -> dict[str, Any]:
    """A statement and the fields that it rests on."""
    return {"text": text, "fields": list(fields)}


def join(*sentences: str) -> str:
    """Put sentences one after another; those that have nothing to say are empty."""
    return " ".join(sentence for sentence in sentences if sentence)


def capital(text: str) -> str:
    """Begin a sentence: the first letter large, the others as they are."""
    return text[:1].upper() + text[1:]


def first(items: Sequence[str], default: str = "") -> str:
    """Return the first of the items, if there is one."""
    return items[0] if items else default
