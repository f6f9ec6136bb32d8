"""Our end of one WebSocket (RFC 6455), read and written by the one thread that needs it.

No thread of its own, no buffer beyond one message: whoever sends faster than we listen waits in the network. Nothing
is ever compressed, so nothing can swell.
"""

from __future__ import annotations

import contextlib
import select
import socket
import struct
import time
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from hashlib import sha1
from typing import Any

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
"""What every WebSocket adds to the key it was given (RFC 6455, 1.3)."""
SEND_SECONDS = 5
"""A socket that takes nothing for so long is broken."""
MORE, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NORMAL, BROKEN, NO_TEXT, TOO_BIG = 1000, 1002, 1007, 1009


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

    def __init__(self, line: socket.socket, longest: int) -> None:
        self._line, self._longest = line, longest
        self._arrived = bytearray()
        self._parts, self._kind = bytearray(), MORE
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
        key = _key(environ)
        if line is None:
            raise NoHandshake("no socket")
        accepted = b64encode(sha1(key + GUID, usedforsecurity=False).digest())
        line.sendall(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accepted + b"\r\n\r\n"
        )
        return cls(line, longest)

    def receive(self, seconds: float) -> str | bytes | None:
        """The next whole message; None when none has come in time; raises Closed or Broken."""
        give_up = time.monotonic() + seconds
        while True:
            frame = self._frame()
            if frame is not None:
                message = self._obey(*frame)
                if message is not None:
                    return message
            elif not self._more(give_up - time.monotonic()):
                return None

    def send(self, text: str) -> None:
        """One text message; raises Closed."""
        self._write(TEXT, text.encode())

    def close(self, code: int = NORMAL) -> None:
        """Say good-bye and hang up; harmless when repeated."""
        if self._open:
            with contextlib.suppress(OSError):
                self._write(CLOSE, code.to_bytes(2, "big"))
        self._open = False
        with contextlib.suppress(OSError):
            self._line.shutdown(socket.SHUT_RDWR)

    def _more(self, seconds: float) -> bool:
        if not self._open:
            raise Closed
        if not self._poll.poll(max(0.0, seconds) * 1000):
            return False
        try:
            came = self._line.recv(16384)
        except OSError as gone:
            raise Closed from gone
        if not came:
            raise Closed
        self._arrived += came
        return True

    def _frame(self) -> tuple[int, bytes, bool] | None:
        """The next frame that has wholly arrived: its kind, its load, whether it ends its message."""
        came = self._arrived
        if len(came) < 6:
            return None
        size, begin = came[1] & 0x7F, 6
        if came[0] & 0x70 or not came[1] & 0x80:
            raise self._break(BROKEN)
        if size == 126:
            size, begin = int.from_bytes(came[2:4], "big"), 8
        elif size == 127:
            size, begin = self._longest + 1, 14
        if size + len(self._parts) > self._longest:
            raise self._break(TOO_BIG)
        if len(came) < begin + size:
            return None
        load = _unmasked(bytes(came[begin : begin + size]), bytes(came[begin - 4 : begin]))
        kind, last = came[0] & 0xF, bool(came[0] & 0x80)
        del came[: begin + size]
        return kind, load, last

    def _obey(self, kind: int, load: bytes, last: bool) -> str | bytes | None:
        if kind in (TEXT, BINARY, MORE):
            return self._piece(kind, load, last)
        if not last or len(load) > 125 or kind not in (CLOSE, PING, PONG):
            raise self._break(BROKEN)
        if kind == CLOSE:
            self.close()
            raise Closed
        if kind == PING:
            self._write(PONG, load)
        return None

    def _piece(self, kind: int, load: bytes, last: bool) -> str | bytes | None:
        """A message, or a part of one."""
        if (kind == MORE) != (self._kind != MORE):
            raise self._break(BROKEN)
        self._kind = self._kind or kind
        self._parts += load
        if not last:
            return None
        kind, whole = self._kind, bytes(self._parts)
        self._kind, self._parts = MORE, bytearray()
        if kind == BINARY:
            return whole
        try:
            return whole.decode()
        except UnicodeDecodeError:
            raise self._break(NO_TEXT) from None

    def _break(self, code: int) -> Broken:
        self.close(code)
        return Broken(code)

    def _write(self, kind: int, load: bytes) -> None:
        if not self._open:
            raise Closed
        size = len(load)
        head = bytes([0x80 | kind, size]) if size < 126 else struct.pack(">BBH", 0x80 | kind, 126, size)
        try:
            self._line.sendall(head + load)
        except OSError as gone:
            self._open = False
            raise Closed from gone


def _key(environ: Mapping[str, Any]) -> bytes:
    """The handshake's key, if everything else is as RFC 6455, 4.2.1 wants it."""
    wants = "upgrade" in [each.strip().lower() for each in environ.get("HTTP_CONNECTION", "").split(",")]
    if environ.get("HTTP_UPGRADE", "").lower() != "websocket" or not wants:
        raise NoHandshake("no upgrade")
    key: bytes = environ.get("HTTP_SEC_WEBSOCKET_KEY", "").encode("latin-1", "replace")
    try:
        good = len(b64decode(key, validate=True)) == 16
    except NotBase64:
        good = False
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not good:
        raise NoHandshake("no key")
    return key


def _unmasked(load: bytes, mask: bytes) -> bytes:
    """Clients mask what they send (RFC 6455, 5.3); as one large number that is quick."""
    size = len(load)
    masks = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return bytes((int.from_bytes(load, "big") ^ masks).to_bytes(size, "big"))
