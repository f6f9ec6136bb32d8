"""The media process's app: /media, where the carrier opens one socket a call, and what every call there shares.

Whatever happens on a socket, the call goes on: we close it, the carrier follows the <Redirect> behind the stream to
/voice/again, and the question is put once more, by keys if it was our ears that failed.
"""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, abort, request

from ivr.telephony import stream
from ivr.telephony.session import MediaParts, Session
from ivr.telephony.websocket import NoHandshake, WebSocket

__all__ = ["MediaParts", "make_media"]


def make_media(parts: MediaParts) -> Flask:
    """The app with /media, the socket, and /media/health."""
    app = Flask("ivr.media", static_folder=None)

    @app.before_request
    def refuse_strangers() -> None:
        if request.path == "/media" and not parts.is_carrier(request):
            abort(403)

    @app.route("/media", websocket=True)
    def media() -> Response:
        if not parts.doorstep.acquire(blocking=False):  # too many stand there who do not say whose call they are
            abort(503)
        try:
            socket_ = _accepted()
        except BaseException:
            parts.doorstep.release()
            raise
        try:
            Session(parts, socket_).run()
        finally:
            socket_.close()
        return _Spent()

    @app.get("/media/health")
    def health() -> Response:
        about = {
            "free": parts.decoders.free,
            "languages": parts.decoders.languages,
            "restarts": parts.decoders.restarts,
        }
        return Response(f"{about}\n", mimetype="text/plain")

    return app


def _accepted() -> WebSocket:
    try:
        return WebSocket.accept(request.environ, stream.LONGEST_MESSAGE)
    except NoHandshake:
        abort(400)


class _Spent(Response):
    """Nothing more is answered on this connection: it was a socket, and is closed."""

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Gunicorn is told to forget the connection; others find it closed."""
        if "gunicorn.socket" in environ:
            raise StopIteration
        return super().__call__(environ, start_response)
