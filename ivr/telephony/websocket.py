"""Our end of one WebSocket, read and written by the one thread that needs it; wsproto knows the protocol (RFC 6455).

No thread of its own, no buffer beyond one message: whoever sends faster than we listen waits in the network. Nothing
is ever compressed, so nothing can swell.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from collections import deque
from collections.abc import Mapping
from typing import Any

import h11
from wsproto import ConnectionType, WSConnection
from wsproto.connection import ConnectionState
from wsproto.events import AcceptConnection, CloseConnection, Event, Message, Ping, Request, TextMessage
from wsproto.utilities import ProtocolError

SEND_SECONDS = 5
"""A socket that takes nothing for so long is broken."""
NORMAL, TOO_BIG = 1000, 1009
MOST_AT_ONCE = 16384


class NoHandshake(Exception):
    """The request asks for no WebSocket that we speak."""


class Closed(ConnectionError):
    """The other end is gone."""


class Broken(Exception):
    """The other end broke the protocol and was hung up on; `code` says how (RFC 6455, 7.4.1)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class WebSocket:
    """One socket, after its handshake; messages of at most `longest` bytes."""

    def __init__(self, line: socket.socket, protocol: WSConnection, longest: int) -> None:
        self._line, self._protocol, self._longest = line, protocol, longest
        self._came: deque[Event] = deque()
        self._parts: list[str | bytes] = []
        self._size = 0
        self._open = True
        line.setblocking(True)
        with contextlib.suppress(OSError):  # a carrier that stops reading must not hold our thread for ever
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
            line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", 0, 0))
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._poll = select.poll()
        self._poll.register(line, select.POLLIN)

    @classmethod
    def accept(cls, environ: Mapping[str, Any], longest: int) -> WebSocket:
        """Answer the handshake of this request; raises NoHandshake, or OSError when the caller is gone."""
        line = environ.get("gunicorn.socket") or environ.get("werkzeug.socket")
        protocol = WSConnection(ConnectionType.SERVER)
        try:
            protocol.initiate_upgrade_connection(_headers(environ), "/")
            asked = next(protocol.events(), None)
        except (ProtocolError, h11.ProtocolError, UnicodeError) as wrong:
            raise NoHandshake(str(wrong)) from wrong
        if line is None or not isinstance(asked, Request):
            raise NoHandshake("no socket")
        line.sendall(protocol.send(AcceptConnection()))
        return cls(line, protocol, longest)

    def receive(self, seconds: float) -> str | bytes | None:
        """The next whole message; None when none has come in time; raises Closed or Broken."""
        give_up = time.monotonic() + seconds
        while True:
            while self._came:
                message = self._obey(self._came.popleft())
                if message is not None:
                    return message
            if time.monotonic() >= give_up:  # pings and pieces may come for ever, and are no message
                return None
            if not self._more(give_up - time.monotonic()):
                return None

    def send(self, text: str) -> None:
        """One text message; raises Closed."""
        self._write(TextMessage(data=text))

    def close(self, code: int = NORMAL) -> None:
        """Say good-bye and hang up; harmless when repeated."""
        if self._open:
            with contextlib.suppress(OSError):
                self._write(CloseConnection(code=code))
        self._open = False
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def _more(self, seconds: float) -> bool:
        if not self._open:
            raise Closed
        if not self._poll.poll(max(0.0, seconds) * 1000):
            return False
        try:
            came = self._line.recv(MOST_AT_ONCE)
        except OSError as gone:
            raise Closed from gone
        if not came:
            raise Closed
        self._protocol.receive_data(came)
        self._came.extend(self._protocol.events())
        return True

    def _obey(self, event: Event) -> str | bytes | None:
        match event:
            case Message():
                return self._piece(event)
            case Ping():
                self._write(event.response())
            case CloseConnection() if self._protocol.state is ConnectionState.OPEN:  # wsproto's own verdict
                raise self._break(event.code)
            case CloseConnection():
                self.close(event.code)
                raise Closed
        return None

    def _piece(self, event: Message[Any]) -> str | bytes | None:
        """A message, or a part of one."""
        self._parts.append(event.data)
        self._size += len(event.data) + 1  # empty pieces take room too
        if self._size > self._longest:
            raise self._break(TOO_BIG)
        if not event.message_finished:
            return None
        whole: str | bytes = type(event.data)().join(self._parts)
        self._parts, self._size = [], 0
        return whole

    def _break(self, code: int) -> Broken:
        self.close(code)
        return Broken(code)

    def _write(self, event: Event) -> None:
        if not self._open:
            raise Closed
        try:
            self._line.sendall(self._protocol.send(event))
        except (OSError, ProtocolError) as gone:
            self._open = False
            raise Closed from gone


def _headers(environ: Mapping[str, Any]) -> list[tuple[bytes, bytes]]:
    """The request's headers, which WSGI spells in its own way (PEP 3333)."""
    return [
        (name.removeprefix("HTTP_").replace("_", "-").lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in environ.items()
        if name.startswith("HTTP_")
    ]
