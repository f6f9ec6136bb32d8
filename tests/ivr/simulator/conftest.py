"""A small product for the network's own tests: a few addresses that answer TwiML, and remember what they were asked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator

from ivr.simulator import AUTH_TOKEN, Line, Network

BASE = "http://opera.test"


@dataclass
class Product:
    """Addresses and what they answer; `asked` is every (path, form) so far, `forged` those not rightly signed."""

    pages: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    forged: list[str] = field(default_factory=list)
    base: str = BASE

    def __post_init__(self) -> None:
        self.app = Flask(__name__)
        self.app.add_url_rule("/<path:path>", view_func=self.answer, methods=["GET", "POST"])

    def answer(self, path: str) -> Response:
        if path.endswith(".wav"):
            return Response(
                self.pages.get("/" + path, ""), mimetype="audio/wav", status=200 if "/" + path in self.pages else 404
            )
        form = {**request.args, **request.form}
        url = self.base + request.full_path.rstrip("?")
        signature = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(AUTH_TOKEN).validate(url, request.form.to_dict(), signature):
            self.forged.append(path)
            return Response(status=403)
        self.asked.append(("/" + path, form))
        if "/" + path not in self.pages:
            return Response(status=404)
        return Response(f"<Response>{self.pages['/' + path]}</Response>", mimetype="text/xml")

    def forms(self, path: str) -> list[dict[str, str]]:
        """What one address was asked with."""
        return [form for where, form in self.asked if where == path]


@pytest.fixture
def product() -> Product:
    """Answers `/voice/ended` and whatever a test adds."""
    return Product({"/voice/ended": ""})


@pytest.fixture
def network(product: Product) -> Iterator[Network]:
    """A network in front of the product, the same identifiers in every run."""
    with Network(BASE, http=product.app, seed="tests") as network:
        yield network


@pytest.fixture
def line(network: Network) -> Line:
    """A caller."""
    return Line(BASE, network=network)


@pytest.fixture
def make_line(network: Network) -> Callable[[str], Line]:
    """More callers on the same network, by number."""
    return lambda number: Line(BASE, caller=number, network=network)
