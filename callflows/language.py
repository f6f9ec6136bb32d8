"""The language flows are written in: ask, do, tell, end.

    flow = Flow("buy_seats", first="which", data=Purchase)

    @flow.ask("buy.how_many", Number(high=99), slot="quantity", to={"few": "where", "group": "to_agent.group"})
    def how_many(call, quantity):
        \"\"\"Up to nine seats are sold by telephone; groups go to a person.\"\"\"
        return "few" if quantity <= 9 else "group"

A target without a dot is a step of the same flow; `flow.step` enters another flow, which comes back by the target
`return`, to the step that sent the caller there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from callflows.answers import Answer
from callflows.reply import HangUp, Then, Transfer

if TYPE_CHECKING:
    from booking import Clerk
    from callflows.state import CallState
    from callflows.tools import Tools

RETURN = "return"
"""The target that leaves a flow, back to the step that entered it."""

Slots = Callable[["Call"], dict[str, Any]]
Work = Callable[["Call"], str]
Receive = Callable[["Call", Any], str]


class Call:
    """What a step may see of the call: what was said, this flow's data, the caller, the box office and the time."""

    def __init__(
        self, state: CallState, flow: Flow, tools: Tools, booking: Clerk, request_id: Callable[[], str]
    ) -> None:
        self.state = state
        self.flow = flow
        self.tools = tools
        self.booking = booking
        self._request_id = request_id

    @property
    def request_id(self) -> str:
        """Under which name this step's deed is done once, however often the turn is taken."""
        return self._request_id()

    @cached_property
    def data(self) -> Any:
        """What this flow keeps; most steps never look at it."""
        return self.flow.read_data(self.state.data.get(self.flow.name, {}))

    @property
    def said(self) -> dict[str, Any]:
        """Every slot understood in this call so far, by its name in the understanding."""
        return self.state.said

    @property
    def now(self) -> datetime:
        """The moment of this turn, in UTC."""
        return self.tools.clock()

    @property
    def today(self) -> date:
        """The day of this turn, where the house stands."""
        return self.now.astimezone(self.tools.zone).date()

    @property
    def caller(self) -> dict[str, Any]:
        """The caller's number as the carrier told it (a hint, never a proof) and the language."""
        return self.state.caller

    @property
    def language(self) -> str:
        """The language the call is held in."""
        return self.state.language

    @property
    def other_language(self) -> str:
        """The next language of the house after this one."""
        languages = self.tools.languages
        return languages[(languages.index(self.language) + 1) % len(languages)]

    def forget(self, *slots: str) -> None:
        """Unlearn slots, so that they are asked again."""
        for slot in slots:
            self.state.said.pop(slot, None)

    def seal(self) -> None:
        """What is done is done: `back` does not reach behind this point."""
        self.state.history.clear()

    def keep(self) -> None:
        """Write this flow's data back into the call's state, if anybody has looked at it."""
        if "data" in vars(self):
            self.state.data[self.flow.name] = self.flow.write_data(self.data)


@dataclass(frozen=True)
class Step:
    """One named place in a flow."""

    name: str
    does: str
    to: dict[str, str]


@dataclass(frozen=True)
class Ask(Step):
    """Waits for an answer; not asked at all when one of the slots it `fills` is known already."""

    prompt: str
    answer: Answer
    receive: Receive
    slot: str = ""
    fills: tuple[str, ...] = ()
    tells: Slots | None = None
    silent: str = ""
    also: dict[str, str] = field(default_factory=dict)
    bargein: bool = True
    echoes: Slots | None = None
    says_back: tuple[str, ...] = ()


@dataclass(frozen=True)
class Do(Step):
    """Works silently."""

    work: Work


@dataclass(frozen=True)
class Tell(Step):
    """Says something and goes on.

    With `pause` it ends the turn first, so that slow work finds the caller informed; `foreign` says it in the other
    language («For English, press 9»).
    """

    prompt: str
    tells: Slots | None = None
    forgets: tuple[str, ...] = ()
    pause: bool = False
    foreign: bool = False


@dataclass(frozen=True)
class End(Step):
    """Says a last thing, then hangs up or hands over to a person."""

    prompt: str
    then: Callable[[Call], Then]
    tells: Slots | None = None


@dataclass(frozen=True)
class Nothing:
    """The data of a flow that keeps none."""


def hang_up(call: Call) -> Then:
    """The end of most calls."""
    return HangUp()


def transfer(reason: str) -> Callable[[Call], Then]:
    """Into the agents' queue with everything already said."""
    return lambda call: Transfer(call.state.why or reason, call.state.summary())


@dataclass
class Flow:
    """A dialogue: its steps by name, the data it keeps, and the names it once used (`moved`).

    A `form` is walked again from its first step when a sentence fills more slots than the question asked for.
    """

    name: str
    first: str
    data: type[Any] = Nothing
    form: bool = False
    moved: dict[str, str] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)

    def ask(
        self,
        prompt: str,
        answer: Answer,
        *,
        to: dict[str, str],
        slot: str = "",
        fills: Sequence[str] = (),
        tells: Slots | None = None,
        silent: str = "",
        also: dict[str, str] | None = None,
        bargein: bool = True,
        echoes: Slots | None = None,
        says_back: Sequence[str] = (),
    ) -> Callable[[Receive], Receive]:
        """A question; the function below receives the answer and returns an outcome written in `to`.

        `slot` is what the answer is called in `said`; `fills` are further slots that make the question unnecessary;
        `tells` gives the prompt's own slots; `silent` is the outcome of silence where it is an answer; `also` names
        slots that are an answer of their own here («moins cher» to an offer: `price_level=low`) and their outcomes;
        `echoes` are facts to read back whenever the question is put; `says_back` are slots that its own sentence
        reads back, so that nothing says them before it.
        """

        def named(receive: Receive) -> Receive:
            fill = tuple(fills) or ((slot,) if slot else ())
            step = Ask(
                receive.__name__,
                _sentence(receive),
                to,
                prompt,
                answer,
                receive,
                slot,
                fill,
                tells,
                silent,
                also or {},
                bargein,
                echoes,
                tuple(says_back),
            )
            self.steps[step.name] = step
            return receive

        return named

    def do(self, *, to: dict[str, str]) -> Callable[[Work], Work]:
        """Silent work with at most one wish to the box office."""

        def named(work: Work) -> Work:
            self.steps[work.__name__] = Do(work.__name__, _sentence(work), to, work)
            return work

        return named

    def tell(
        self,
        name: str,
        prompt: str,
        *,
        to: str,
        tells: Slots | None = None,
        forgets: Sequence[str] = (),
        pause: bool = False,
        foreign: bool = False,
    ) -> None:
        """Say something and go on; `forgets` are slots that turned out to be of no use."""
        self.steps[name] = Tell(name, "", {"": to}, prompt, tells, tuple(forgets), pause, foreign)

    def end(
        self, name: str, prompt: str, *, then: Callable[[Call], Then] = hang_up, tells: Slots | None = None
    ) -> None:
        """A last sentence."""
        self.steps[name] = End(name, "", {}, prompt, then, tells)

    def read_data(self, saved: dict[str, Any]) -> Any:
        """This flow's dataclass from JSON: unknown fields are dropped, missing ones take their default."""
        known = self.data.__dataclass_fields__
        return self.data(**{key: value for key, value in saved.items() if key in known})

    def write_data(self, data: Any) -> dict[str, Any]:
        """This flow's dataclass as JSON."""
        return {name: getattr(data, name) for name in self.data.__dataclass_fields__}


def _sentence(function: Callable[..., Any]) -> str:
    """A step's docstring is the sentence that operators read."""
    return " ".join((function.__doc__ or "").split())
