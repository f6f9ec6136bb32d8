"""The REST application: who may come in, how refusals look, and one blueprint per kind of thing."""

from __future__ import annotations

import concurrent.futures
import hmac
from collections.abc import Callable
from typing import TypeVar

from flask import Flask, Response, jsonify, request

from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import VirtualLoop
from ivr.simulator.rest import calls, conferences, messages, numbers, payments, queues, recordings
from ivr.simulator.rest_calls import Refused

T = TypeVar("T")
PREFIX = "/2010-04-01/Accounts/<account>"
WAIT_FOR_THE_NETWORK = 10.0
NOT_FOUND, NOT_ALLOWED, TOO_MANY = 20404, 20004, 20429


class Desk:
    """Does things to a carrier from any thread: on its own loop when that runs elsewhere, at once when not."""

    def __init__(self, carrier: Carrier) -> None:
        self.carrier = carrier

    def do(self, deed: Callable[[Carrier], T]) -> T:
        """Do it, and give what it gives."""
        if isinstance(self.carrier.loop, VirtualLoop) or not self.carrier.loop.is_running():
            return deed(self.carrier)
        done: concurrent.futures.Future[T] = concurrent.futures.Future()
        self.carrier.loop.call_soon_threadsafe(_into, done, deed, self.carrier)
        return done.result(WAIT_FOR_THE_NETWORK)


def _into(done: concurrent.futures.Future[T], deed: Callable[[Carrier], T], carrier: Carrier) -> None:
    try:
        done.set_result(deed(carrier))
    except Exception as error:  # carried over to the thread that asked
        done.set_exception(error)


def rest_app(carrier: Carrier) -> Flask:
    """A WSGI application that answers the official client for this carrier."""
    app = Flask("ivr.simulator.rest")
    desk = Desk(carrier)
    for part in (calls, queues, conferences, recordings, messages, payments, numbers):
        app.register_blueprint(part.blueprint(desk), url_prefix=PREFIX)

    @app.before_request
    def known() -> tuple[Response, int] | None:
        if not carrier.may_be_asked():
            return refusal(Refused(429, TOO_MANY, "Too many requests"))
        auth = request.authorization
        right = auth is not None and auth.username == carrier.account_sid
        if right and auth is not None and hmac.compare_digest(auth.password or "", carrier.auth_token):
            return None
        return refusal(Refused(401, 20003, "Authenticate"))

    @app.url_value_preprocessor
    def drop_account(endpoint: str | None, values: dict[str, str] | None) -> None:
        if values:
            values.pop("account", None)

    @app.get("/2010-04-01/Accounts/<sid>.json")
    def account(sid: str) -> Response:
        return jsonify(sid=sid, friendly_name="Souffleur's local network", status="active", type="Trial")

    app.register_error_handler(Refused, refusal)
    app.register_error_handler(404, lambda error: refusal(Refused(404, NOT_FOUND, _missing())))
    app.register_error_handler(405, lambda error: refusal(Refused(405, NOT_ALLOWED, "Method not allowed")))
    return app


def _missing() -> str:
    return f"The requested resource {request.path} was not found"


def refusal(refused: Refused) -> tuple[Response, int]:
    """An error as the official client reads it."""
    told = {
        "code": refused.code,
        "message": str(refused),
        "status": refused.status,
        "more_info": f"https://www.twilio.com/docs/errors/{refused.code}",
    }
    return jsonify(told), refused.status
