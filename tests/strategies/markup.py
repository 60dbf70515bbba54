"""A page as a browser without scripts sees it: its texts, its forms, what it would send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "br", "img", "hr"}
# Their end tags may be left out.
LOOSE = {"option"}


@dataclass
class Element:
    """A tag with its attributes, and what stands in it."""

    tag: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes[name]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    @property
    def text(self) -> str:
        """All text in it, with blanks as they are shown."""
        return " ".join(self.raw.split())

    @property
    def raw(self) -> str:
        """All text in it, to the letter."""
        return "".join(child if isinstance(child, str) else child.raw for child in self.children)

    def all(self, tag: str = "", **attributes: str) -> list["Element"]:
        """Every element in it of this tag with these attributes; an underscore in a name stands for a hyphen."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        found = []
        for child in self.children:
            if isinstance(child, Element):
                if (not tag or child.tag == tag) and wanted.items() <= child.attributes.items():
                    found.append(child)
                found += child.all(tag, **attributes)
        return found

    def one(self, tag: str = "", **attributes: str) -> "Element":
        """The one element of this kind."""
        (found,) = self.all(tag, **attributes)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.stack = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in LOOSE and self.stack[-1].tag == tag:
            self.stack.pop()
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.stack[-1].children.append(element)
        if tag not in VOID:
            self.stack.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.stack[-1].tag in LOOSE and tag not in LOOSE:
            self.stack.pop()
        assert self.stack[-1].tag == tag, f"</{tag}> where <{self.stack[-1].tag}> is open"
        self.stack.pop()

    def handle_data(self, data: str) -> None:
        self.stack[-1].children.append(data)


def read(html: str) -> Element:
    """Return the page; fails where a tag is not closed as it was opened."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert [element.tag for element in reader.stack] == [""]
    return reader.stack[0]


def sent(form: Element) -> dict[str, list[str]]:
    """Return what a browser sends when the form's first button is pressed."""
    values: dict[str, list[str]] = {}
    ignored = {id(inside) for template in form.all("template") for inside in template.all()}
    for element in form.all():
        name = element.get("name")
        if name is None or id(element) in ignored:
            continue
        if (value := _value(element)) is not None:
            values.setdefault(name, []).append(value)
    return values


def _value(element: Element) -> str | None:
    match element.tag:
        case "input" if element.get("type") == "checkbox":
            return element["value"] if "checked" in element.attributes else None
        case "input":
            return element.get("value") or ""
        case "textarea":
            # The first line break after the tag is not part of the text; what is sent has CRLF.
            return element.raw.removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")
        case "select":
            options = element.all("option")
            chosen = next((option for option in options if "selected" in option.attributes), options[0])
            value = chosen.get("value")
            return chosen.text if value is None else value
        case _:
            return None
