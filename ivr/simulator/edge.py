"""Where the network's requests go out: real HTTP, a WSGI application called directly, or pages in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from time import perf_counter
from typing import Any, Protocol
from urllib.parse import parse_qsl, urlsplit

import requests
from werkzeug.test import Client
from werkzeug.wrappers import Response as WsgiResponse

from ivr.simulator.overrides import Overrides

MOST_AT_ONCE = 256


@dataclass(frozen=True)
class Request:
    """One request of the network, exactly as it leaves: the fragment is gone, GET parameters are in the address."""

    method: str
    url: str
    form: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: str = ""
    """What is posted instead of a form."""

    @property
    def sent(self) -> Any:
        """What goes into the body of the request."""
        return (self.body.encode() or self.form) if self.method == "POST" else None


@dataclass(frozen=True)
class Answer:
    """What came back; header names in lower case, `set_cookies` one line each."""

    status: int
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    set_cookies: tuple[str, ...] = ()
    seconds: float | None = None
    """How long it took over the wire, without waiting for a thread on our side."""


class CouldNotConnect(Exception):
    """No connection (`ct`): nobody listens, no such host, TLS failed."""


class AnsweredTooLate(Exception):
    """Connected, but no whole answer in time (`rt`)."""


class Edge(Protocol):
    """Sends one request and gives the answer; raises CouldNotConnect or AnsweredTooLate."""

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Ask once."""


class HttpEdge:
    """Real HTTP by `requests`; `in_threads` keeps the network's clock going while an answer is awaited."""

    def __init__(self, *, in_threads: bool, session: requests.Session | None = None) -> None:
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, "network-asks") if in_threads else None
        self._session = session or requests.Session()
        self._session.trust_env = False
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # each call has cookies of its own
        adapter = requests.adapters.HTTPAdapter(pool_connections=8, pool_maxsize=MOST_AT_ONCE)
        self._session.mount("http://", adapter)

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Ask over the wire; with threads, the whole answer must be there in time, not only its next byte."""
        if self._threads is None:
            return self._ask(request, patience)
        loop = asyncio.get_running_loop()
        answer = loop.run_in_executor(self._threads, self._ask, request, patience)
        try:
            return await asyncio.wait_for(answer, patience.answer_within * getattr(loop, "speed", 1.0))
        except TimeoutError:
            raise AnsweredTooLate(request.url) from None

    def close(self) -> None:
        """Let go of threads and connections."""
        if self._threads is not None:
            self._threads.shutdown(wait=False, cancel_futures=True)
        self._session.close()

    def _ask(self, request: Request, patience: Overrides) -> Answer:
        began = perf_counter()
        try:
            found = self._session.request(
                request.method,
                request.url,
                data=request.sent,
                headers=request.headers,
                timeout=(patience.connect, patience.answer_within),
                allow_redirects=False,
            )
        except requests.exceptions.ReadTimeout as error:
            raise AnsweredTooLate(str(error)) from None
        except requests.exceptions.RequestException as error:
            raise CouldNotConnect(type(error).__name__) from None
        cookies = found.raw.headers.getlist("Set-Cookie") if hasattr(found.raw.headers, "getlist") else []
        seconds = perf_counter() - began
        return Answer(found.status_code, found.content, _lower(found.headers.items()), tuple(cookies), seconds)


class WsgiEdge:
    """Calls a WSGI application in this very thread: no sockets, no time."""

    def __init__(self, application: Any) -> None:
        self._application = application

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Ask the application."""
        parts = urlsplit(request.url)
        client = Client(self._application, WsgiResponse, use_cookies=False)
        found = client.open(
            parts.path or "/",
            base_url=f"{parts.scheme}://{parts.netloc}",
            query_string=parts.query,
            method=request.method,
            data=request.sent,
            headers=request.headers,
        )
        return Answer(
            found.status_code, found.data, _lower(found.headers.items()), tuple(found.headers.getlist("Set-Cookie"))
        )


@dataclass(frozen=True)
class PageAnswer:
    """An answer in memory, after `delay` virtual seconds."""

    answer: Answer
    delay: float = 0.0
    connects: bool = True


class PagesEdge:
    """Answers from pages in memory: address -> answers in turn (the last repeats); others are 404."""

    def __init__(self, pages: dict[str, list[PageAnswer]]) -> None:
        self._pages = pages
        self._asked: dict[str, int] = {}

    async def send(self, request: Request, patience: Overrides) -> Answer:
        """Look the page up, let its delay pass."""
        url = self._known(request)
        if url not in self._pages:
            return Answer(404)
        turn = self._asked.get(url, 0)
        self._asked[url] = turn + 1
        page = self._pages[url][min(turn, len(self._pages[url]) - 1)]
        if not page.connects:
            await asyncio.sleep(0)
            raise CouldNotConnect(url)
        if page.delay > patience.answer_within:
            await asyncio.sleep(patience.answer_within)
            raise AnsweredTooLate(url)
        await asyncio.sleep(page.delay)
        return page.answer

    def _known(self, request: Request) -> str:
        """The page's own address: a GET may carry more parameters than the page was listed with."""
        if request.url in self._pages or request.method != "GET":
            return request.url
        asked = set(parse_qsl(urlsplit(request.url).query, keep_blank_values=True))
        bare = request.url.partition("?")[0]
        fits = [url for url in self._pages if url.partition("?")[0] == bare and _query(url) <= asked]
        return max(fits, key=lambda url: len(_query(url)), default=request.url)


def _query(url: str) -> set[tuple[str, str]]:
    return set(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def _lower(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in items}


def edge_for(http: Any, *, in_threads: bool) -> Edge:
    """The edge that fits what was handed in: an Edge, a WSGI application, a requests.Session, or None for real HTTP."""
    if http is None or isinstance(http, requests.Session):
        return HttpEdge(in_threads=in_threads, session=http)
    if hasattr(http, "send") and not callable(http):
        edge: Edge = http
        return edge
    application: Callable[..., Any] = getattr(http, "application", http)
    return WsgiEdge(application)
