"""A page as plain text: what a reader sees of it, without what is there for browsers alone."""

import re
from collections.abc import Iterator
from typing import Final

from lxml import etree, html

from .fetching import Page

# As much as may be pasted. What is said about a business stands at the beginning of a page.
LENGTH: Final = 50_000
# An element within so many others is an attack on whoever walks the tree.
DEPTH: Final = 200

_WORDS = re.compile(r"\w+")
_UNSEEN = frozenset(
    _WORDS.findall(
        "script style noscript template nav svg math iframe object embed applet canvas audio video map form select "
        "button dialog head link meta base"
    )
)
_BLOCKS = frozenset(
    _WORDS.findall(
        "address article aside blockquote body br caption dd details div dl dt fieldset figcaption figure footer h1 h2 "
        "h3 h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table tbody tfoot thead tr ul"
    )
)
# A label's value stands behind it in the same line: "Budget: 5,000".
_CELLS = frozenset({"td", "th"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
# Blanks of every kind, and what no database or export holds.
_BLANKS = re.compile(r"[^\S\n]+|[\x00-\x08\x0b-\x1f\x7f]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")

# Names of encodings that pages bear. Not every one that Python has: some of those are no encodings of pages, and slow.
_CHARSETS = re.compile(
    r"utf-?(8|16|16le|16be)|iso-?8859-?\d{1,2}|windows-?125\d|cp125\d|latin-?1|(us-)?ascii|shift_jis|euc-(jp|kr)|gb2312"
    r"|gbk|gb18030|big5|koi8-[ru]|macintosh"
)
_LATIN = re.compile(r"iso-?8859-?1|latin-?1|(us-)?ascii")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,20})", re.IGNORECASE)
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read(page: Page) -> tuple[str, str]:
    """Return a page's title ("" where it has none) and its text, at most ``LENGTH`` characters of it."""
    text = decode(page)
    if page.type == "text/plain":
        return "", tidy(text)
    return read_html(text)


def decode(page: Page) -> str:
    """Return a page's characters; bytes that are none in its encoding become U+FFFD."""
    for mark, charset in _BOMS:
        if page.content.startswith(mark):
            return page.content[len(mark) :].decode(charset, "replace")
    declared = _DECLARED.search(page.content[:2_048])
    named = page.charset or (declared[1].decode().lower() if declared else "")
    if not _CHARSETS.fullmatch(named):
        named = "utf-8"
    # As browsers do: who says Latin-1 means what Windows made of it.
    charset = "windows-1252" if _LATIN.fullmatch(named) else named
    try:
        return page.content.decode(charset, "replace")
    except LookupError:
        return page.content.decode("utf-8", "replace")


def read_html(source: str) -> tuple[str, str]:
    """Return the title and the text of a page's source."""
    # Given as bytes: of text lxml refuses what says in which encoding it was.
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, ValueError):
        return "", ""
    title = tidy(" ".join(root.xpath("//head/title[1]//text()")))[:200].replace("\n", " ")
    described = root.xpath("//meta[@name='description' or @property='og:description'][1]/@content")
    return title, tidy("\n".join([title, *described[:1], "".join(_pieces(root))]))


def tidy(text: str) -> str:
    """Return text as it is worked with: no control characters, one blank between words, no empty lines, not too long."""
    text = text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
    text = _INVISIBLE.sub("", text[: 20 * LENGTH])
    lines = (_BLANKS.sub(" ", line).strip() for line in re.split(r"[\n\x0b\x0c\x85\u2028\u2029]", text))
    kept = "\n".join(line for line in lines if line)
    return kept if len(kept) <= LENGTH else kept[:LENGTH].rpartition("\n")[0] or kept[:LENGTH]


def _pieces(root: html.HtmlElement) -> Iterator[str]:
    """Yield the text of what is seen, with line breaks around blocks. Walks by a list: depth costs no stack."""
    waiting: list[tuple[html.HtmlElement | str, int]] = [(root, 0)]
    while waiting:
        node, depth = waiting.pop()
        if isinstance(node, str):
            yield node
            continue
        if not isinstance(node.tag, str) or depth > DEPTH or _unseen(node):
            continue
        before, after = _marks(node)
        yield before + _flat(node.text)
        inside: list[tuple[html.HtmlElement | str, int]] = []
        for child in node:
            inside += [(child, depth + 1), (_flat(child.tail), depth)]
        waiting += [(after, depth), *reversed(inside)]


def _flat(text: str | None) -> str:
    # A line break in a page's source is a blank to whoever reads the page.
    return re.sub(r"[\n\r]+", " ", text or "")


def _marks(node: html.HtmlElement) -> tuple[str, str]:
    if node.tag in _BLOCKS:
        return "\n", "\n"
    if node.tag in _CELLS:
        return ("", "") if node.getprevious() is None else (": " if node.getprevious().tag == "th" else " | ", "")
    return "", ""


def _unseen(node: html.HtmlElement) -> bool:
    return (
        node.tag in _UNSEEN
        or "hidden" in node.attrib
        or node.get("aria-hidden", "").lower() == "true"
        or _HIDDEN.search(node.get("style", "")) is not None
    )
