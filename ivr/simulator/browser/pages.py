"""The telephone's page, and one WebSocket per line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, Response, render_template, request
from flask_sock import Sock

from ivr.simulator.browser.ear import Recognise
from ivr.simulator.browser.house_side import HouseSide
from ivr.simulator.browser.line import BrowserLine
from ivr.simulator.telephone_sound import TelephoneSound

if TYPE_CHECKING:
    from ivr.simulator.service import Service

POLICY = "default-src 'self'; img-src 'self' data:; connect-src 'self' ws: wss:; base-uri 'none'"


def phone_pages(
    service: Service,
    *,
    called: str,
    agent: str = "",
    recognise: Recognise | None = None,
    house: HouseSide | None = None,
) -> Flask:
    """The application with the page `/` and the socket `/line`; `agent` is the number of a second line, a person's."""
    app = Flask(__name__, static_folder="static", template_folder=".")
    app.config["SOCK_SERVER_OPTIONS"] = {"ping_interval": 25, "max_message_size": 65_536}
    sock = Sock(app)
    sound = TelephoneSound()

    @app.get("/")
    def page() -> str:
        language = "en" if request.accept_languages.best_match(["fr", "en"]) == "en" else "fr"
        return render_template("phone.html", called=called, agent=agent, language=request.args.get("lang", language))

    @app.after_request
    def careful(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response

    @sock.route("/line")  # type: ignore[untyped-decorator]  # flask-sock has no types
    def line(socket: Any) -> None:
        if not _from_here(request.headers.get("Origin"), request.host):
            return
        BrowserLine(service, socket, sound, recognise, house).live()

    return app


def _from_here(origin: str | None, host: str) -> bool:
    """Only our own page may hold a line: any other page a browser has open could dial as well."""
    return origin is None or origin.partition("://")[2] == host
