"""Our end of a WebSocket, over a real pair of sockets: whatever comes, whoever waits gets her turn."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Event, Ping, Request, TextMessage

from ivr.telephony.websocket import Broken, NoHandshake, WebSocket

LONGEST = 1000
HEADERS = {
    "HTTP_HOST": "media", "HTTP_UPGRADE": "websocket", "HTTP_CONNECTION": "keep-alive, Upgrade",
    "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==", "HTTP_SEC_WEBSOCKET_VERSION": "13",
}  # fmt: skip


class Peer:
    """The other end: it says what it likes."""

    def __init__(self) -> None:
        ours, self._line = socket.socketpair()
        self.socket = WebSocket.accept({**HEADERS, "gunicorn.socket": ours}, LONGEST)
        self._line.recv(4096)  # the handshake's answer
        self._protocol = _open()

    def says(self, *events: Event) -> None:
        self._line.sendall(b"".join(self._protocol.send(event) for event in events))

    def close(self) -> None:
        self._line.close()


def _open() -> WSConnection:
    """A client past its handshake."""
    client, server = WSConnection(ConnectionType.CLIENT), WSConnection(ConnectionType.SERVER)
    server.receive_data(client.send(Request(host="media", target="/")))
    list(server.events())
    client.receive_data(server.send(AcceptConnection()))
    list(client.events())
    return client


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.socket.close()
    peer.close()


def test_a_message_in_pieces_is_one_message(peer: Peer) -> None:
    peer.says(TextMessage(data="«par", message_finished=False), TextMessage(data="terre»"))

    assert peer.socket.receive(1) == "«parterre»"


def test_pings_without_end_are_no_message_and_hold_nobody(peer: Peer) -> None:
    """Many more than are read at once: the time is over, though there is always something to read."""
    peer.says(*(Ping(payload=b"") for _ in range(4000)))

    assert peer.socket.receive(0) is None


def test_empty_pieces_without_end_break_the_line(peer: Peer) -> None:
    peer.says(*(TextMessage(data="", message_finished=False) for _ in range(LONGEST + 1)))

    with pytest.raises(Broken):
        while True:
            peer.socket.receive(0.1)


def test_a_request_that_is_no_handshake_is_named() -> None:
    with pytest.raises(NoHandshake):
        WebSocket.accept({"HTTP_HOST": "media", "gunicorn.socket": socket.socketpair()[0]}, LONGEST)
