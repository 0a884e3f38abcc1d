"""An HTML page as tests look at it: its elements in order, with their attributes and texts."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "br", "hr", "img", "input", "link"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    above: tuple[str, ...]
    text: str = ""
    children: list["Element"] = field(default_factory=list)

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()

    @property
    def whole_text(self) -> str:
        return self.text + "".join(child.whole_text for child in self.children)

    def all(self, tag: str) -> list["Element"]:
        found = [self] if self.tag == tag else []
        return found + [each for child in self.children for each in child.all(tag)]


class Page(HTMLParser):
    """Parses a page, and fails where an element is closed that was not opened."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.root = Element("", {}, ())
        self._open = [self.root]
        self.feed(text)
        self.close()
        assert len(self._open) == 1, [each.tag for each in self._open]

    def all(self, tag: str) -> list[Element]:
        return self.root.all(tag)

    def named(self, ident: str) -> Element:
        (found,) = [each for each in self._every(self.root) if each.attributes.get("id") == ident]
        return found

    def every(self) -> list[Element]:
        return self._every(self.root)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(e.tag for e in self._open))
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(e.tag for e in self._open))
        self._open[-1].children.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, (self._open[-1].tag, tag)
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].text += data

    def _every(self, element: Element) -> list[Element]:
        return [element, *(each for child in element.children for each in self._every(child))]
