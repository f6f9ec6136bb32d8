"""TwiML text to a checked tree: no entities, no external anything, limited in size and depth."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.etree.ElementTree import Element as XmlElement
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ivr.simulator import grammar
from ivr.simulator.errors import BODY_TOO_LARGE, INVALID_URL, PARSE, SCHEMA, DocumentFailed, Fault

LARGEST_BODY = 64 * 1024
DEEPEST = 12


@dataclass(frozen=True)
class Element:
    """One verb or noun: name, attributes, its whole text, and the elements inside it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Element, ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """An attribute as it was written."""
        return self.attributes.get(name, default)

    def inside(self, *names: str) -> tuple[Element, ...]:
        """The children with these names."""
        return tuple(child for child in self.children if child.name in names)


@dataclass(frozen=True)
class Page:
    """A document that is being performed, and where it came from ("" for TwiML given inline)."""

    verbs: tuple[Element, ...]
    url: str = ""
    faults: tuple[Fault, ...] = ()

    def resolve(self, address: str) -> str:
        """An absolute address, read against this page; empty means this page itself."""
        if not address.strip():
            if not self.url:
                raise DocumentFailed(INVALID_URL, "inline TwiML has no address of its own")
            return self.url
        joined = urljoin(self.url, address.strip())
        if not re.match(r"(https?|wss?)://[^/?#]+", joined):
            raise DocumentFailed(INVALID_URL, f"not an absolute address: {address.strip()!r}")
        return joined


def read(body: str | bytes, url: str = "") -> Page:
    """The page a body of TwiML says, with its warnings; raises DocumentFailed when it says none."""
    raw = body.encode() if isinstance(body, str) else body
    if len(raw) > LARGEST_BODY:
        raise DocumentFailed(BODY_TOO_LARGE, f"{len(raw)} bytes, at most {LARGEST_BODY}", url)
    root = _parse(raw, url)
    if _name(root) != "Response":
        raise DocumentFailed(PARSE, f"the document is a <{_name(root)}>, not a <Response>", url)
    faults: list[Fault] = []
    if raw[:1].isspace():
        faults.append(Fault(SCHEMA, "white space stands before the document", url))
    tree = _element(root, faults, url, depth=0)
    return Page(tree.children, url, tuple(faults))


def _parse(raw: bytes, url: str) -> XmlElement:
    try:
        tree: XmlElement = fromstring(raw.strip(), forbid_dtd=True)
    except ParseError as error:
        raise DocumentFailed(PARSE, f"not well formed: {error}", url) from None
    except (DefusedXmlException, ValueError, LookupError) as error:
        raise DocumentFailed(PARSE, f"refused: {type(error).__name__}", url) from None
    return tree


def _name(node: XmlElement) -> str:
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else "?"


def _attribute(name: str) -> str:
    return name.replace("{http://www.w3.org/XML/1998/namespace}", "xml:").rpartition("}")[2]


def _element(node: XmlElement, faults: list[Fault], url: str, depth: int) -> Element:
    """The element and what is in it; what may not stand there is reported and left out."""
    if depth > DEEPEST:
        raise DocumentFailed(PARSE, f"nested deeper than {DEEPEST}", url)
    name = _name(node)
    children = []
    for child in node:
        if not grammar.may_hold(name, _name(child)):
            faults.append(Fault(SCHEMA, f"<{_name(child)}> may not stand in <{name}>", url, _name(child)))
            continue
        inner = _element(child, faults, url, depth + 1)
        children.append(inner)
        for wrong in sorted(set(inner.attributes) - grammar.attributes_of(name, inner.name)):
            faults.append(Fault(SCHEMA, f"attribute {wrong!r} is not known there", url, inner.name))
    attributes = {_attribute(key): value for key, value in node.attrib.items()}
    return Element(name, attributes, _words(node), tuple(children))


def _words(node: XmlElement) -> str:
    """All text inside, the way it would be read out: one line, single spaces."""
    own = "".join(node.itertext()) if _name(node) not in {"Gather", "Dial", "Response"} else node.text or ""
    return re.sub(r"\s+", " ", own).strip()
