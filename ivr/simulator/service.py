"""Service: the network on real time, listening on loopback: REST for the product, telephones for browsers."""

from __future__ import annotations

import asyncio
import ipaddress
import socket as sockets
import threading
from collections.abc import Callable
from typing import Any, TypeVar

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from ivr.simulator.body import READ_ALOUD, Body, Durations
from ivr.simulator.call import Call, StatusTo, Webhook
from ivr.simulator.carrier import Carrier
from ivr.simulator.clock import RealLoop
from ivr.simulator.clumsy import Chances, Clumsy, CutSocket
from ivr.simulator.credentials import ACCOUNT_SID, AUTH_TOKEN, refuse_real
from ivr.simulator.edge import HttpEdge
from ivr.simulator.rest import rest_app
from ivr.simulator.sockets import Socket, WebSocket
from ivr.simulator.streams import Stream

T = TypeVar("T")
REST_PATH = "/2010-04-01"


class NotLoopback(Exception):
    """The network was to listen where others could reach it, and nobody said that this is wanted."""


class PortTaken(Exception):
    """Another program listens on that port."""


class _Quiet(WSGIRequestHandler):
    """Answers without a line of log for each."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing."""


class Service:
    """A carrier on real time, in threads of its own.

    `product_url` is where numbers lead unless a browser's telephone has them. `speed` 10 lets ten seconds of a call
    pass in one. `clumsy` is the seed of everything that goes wrong. `exposed` allows another address than loopback.
    """

    def __init__(
        self,
        product_url: str,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        auth_token: str = AUTH_TOKEN,
        account_sid: str = ACCOUNT_SID,
        speed: float = 1.0,
        clumsy: str | None = None,
        chances: Chances | None = None,
        out_of_order: bool = False,
        durations: Durations = READ_ALOUD,
        language: str = "",
        exposed: bool = False,
        strict: bool = False,
        pages: Callable[[Service], Any] | None = None,
    ) -> None:
        if not exposed and not is_loopback(host):
            raise NotLoopback(host)
        refuse_real(account_sid)
        self._server = _server(host, port, self._application)
        self.product_url = product_url.rstrip("/")
        self.language = language
        self.loop = RealLoop(speed)
        self._http = edge = HttpEdge(in_threads=True)
        self.clumsy = Clumsy(edge, clumsy, chances) if clumsy is not None else None
        self.carrier = Carrier(
            self.loop,
            self.clumsy or edge,
            auth_token=auth_token,
            account_sid=account_sid,
            durations=durations,
            out_of_order=out_of_order,
            strict=strict,
            open_socket=self._open_socket,
        )
        self._pages, self._rest = pages(self) if pages else None, rest_app(self.carrier)
        self.url = f"http://{host}:{self._server.server_port}"
        self.carrier.base_url = self.url
        self._threads = [
            threading.Thread(target=self._live, name="network", daemon=True),
            threading.Thread(target=self._server.serve_forever, args=(0.05,), name="network-http", daemon=True),
        ]

    def start(self) -> Service:
        """Begin."""
        for thread in self._threads:
            thread.start()
        return self

    def close(self) -> None:
        """Hang up everything and stop."""
        self._server.shutdown()
        self._server.server_close()
        asyncio.run_coroutine_threadsafe(self.carrier.close(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        for thread in self._threads:
            thread.join(10)
        self._http.close()
        self.loop.close()

    def __enter__(self) -> Service:
        return self.start()

    def __exit__(self, *exception: object) -> None:
        self.close()

    # --- calls ------------------------------------------------------------------------------------------------------

    def soon(self, deed: Callable[[], object]) -> None:
        """Do something on the network's own thread, without waiting."""
        self.loop.call_soon_threadsafe(deed)

    def receive(self, from_: str, to: str, body: Body) -> Call:
        """Somebody dials: another telephone of the network when it has that number, else the product.

        To be called on the network's own thread.
        """
        if to in self.carrier.numbers:
            return self.carrier.receive(from_, to, Webhook(twiml=f"<Response><Dial>{to}</Dial></Response>"), body)
        return self.receive_at(from_, to, self.webhook(), body)

    def receive_at(self, from_: str, to: str, webhook: Webhook, body: Body) -> Call:
        """Somebody dials the product at this webhook; a clumsy network may hang up on them at any moment."""
        call = self.carrier.receive(from_, to, webhook, body, self.status_to())
        suddenly = self.clumsy.hangs_up_after(from_) if self.clumsy else None
        if suddenly is not None:
            self.loop.call_later(suddenly, call.hang_up)
        return call

    def webhook(self, language: str = "") -> Webhook:
        """The product's number as it would be configured at a carrier."""
        spoken = language or self.language
        query = f"?language={spoken}" if spoken else ""
        return Webhook(
            f"{self.product_url}/voice/incoming{query}", fallback_url=f"{self.product_url}/voice/again{query}"
        )

    def status_to(self) -> StatusTo:
        """Who is told that a call is over."""
        return StatusTo(f"{self.product_url}/voice/ended")

    def own(self, number: str) -> None:
        """Let the account own a number that leads to the product."""
        self.carrier.lines[number] = (self.webhook(), self.status_to())

    async def _open_socket(self, stream: Stream) -> Socket:
        socket = await WebSocket.open(stream)
        suddenly = self.clumsy.cuts_after(stream.call.from_) if self.clumsy else None
        return socket if suddenly is None else CutSocket(socket, suddenly)

    # --- threads ----------------------------------------------------------------------------------------------------

    def _live(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_forever()

    def _application(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith(REST_PATH) or self._pages is None:
            return self._rest(environ, start_response)
        return self._pages(environ, start_response)


def is_loopback(host: str) -> bool:
    """Does that address reach only this machine?"""
    try:
        return ipaddress.ip_address(sockets.gethostbyname(host)).is_loopback
    except OSError:
        return False


def _server(host: str, port: int, application: Any) -> BaseWSGIServer:
    with sockets.socket() as probe:
        probe.setsockopt(sockets.SOL_SOCKET, sockets.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(f"{host}:{port}") from None
    return make_server(host, port, application, threaded=True, request_handler=_Quiet)
