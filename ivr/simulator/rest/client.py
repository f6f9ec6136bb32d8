"""The official client, talking to a carrier in this process or to one at a local address."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from werkzeug.test import Client as WsgiClient
from werkzeug.wrappers import Response as WsgiResponse

from ivr.simulator.carrier import Carrier


class _Direct(HttpClient):  # type: ignore[misc]  # the official package has no types
    """Calls the REST application instead of the wire."""

    def __init__(self, application: Any) -> None:
        super().__init__(logging.getLogger(__name__), False, None)
        self._client = WsgiClient(application, WsgiResponse)

    def request(
        self,
        method: str,
        url: str,
        params: Any = None,
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: Any = None,
        allow_redirects: bool = False,
    ) -> Response:
        """One request, answered by the application."""
        parts = urlsplit(url)
        query = parts.query or urlencode(params or {}, doseq=True)
        headers = {name: value for name, value in (headers or {}).items() if name.lower() != "content-type"}
        found = self._client.open(parts.path, method=method, query_string=query, data=data, headers=headers, auth=auth)
        return Response(found.status_code, found.get_data(as_text=True))

    def sound(self, url: str, auth: Any) -> bytes:
        """The bytes at an address of the API: a recording."""
        return bytes(self._client.get(urlsplit(url).path, auth=auth).data)


def official_client(carrier: Carrier) -> Client:
    """The official client for this carrier; every request is answered at once, in this thread."""
    from ivr.simulator.rest.app import rest_app

    return Client(carrier.account_sid, carrier.auth_token, http_client=_Direct(rest_app(carrier)))
