"""What a caller hears at each step of a payment: the document's own Prompt, else a plain sentence."""

from __future__ import annotations

from ivr.simulator.call import Call, Piece
from ivr.simulator.document import Element, Page
from ivr.simulator.verbs.pause import pause
from ivr.simulator.verbs.pay_fields import ACCOUNT, CARD, CODE, DATE, NOTHING_KEYED, POSTAL, ROUTING
from ivr.simulator.verbs.play import play
from ivr.simulator.verbs.say import say

VERBS = {"Say": say, "Play": play, "Pause": pause}
PROCESSING = "payment-processing"
ENGLISH = {
    CARD: "Please enter your card number.",
    DATE: "Please enter the expiration date, two digits for the month and two for the year.",
    CODE: "Please enter the security code.",
    POSTAL: "Please enter your postal code.",
    ROUTING: "Please enter your bank's routing number.",
    ACCOUNT: "Please enter your bank account number.",
}
FRENCH = {
    CARD: "Composez le numéro de votre carte.",
    DATE: "Composez la date d'expiration, deux chiffres pour le mois et deux pour l'année.",
    CODE: "Composez le code de sécurité.",
    POSTAL: "Composez votre code postal.",
}


async def ask(call: Call, element: Element, page: Page, name: str, attempt: int, error: str, kind: str) -> None:
    """Let the caller hear what is wanted at this step."""
    prompt = prompt_for(element, name, attempt, error, kind)
    if prompt is not None:
        for child in prompt.inside(*VERBS):
            await VERBS[child.name](call, child, page)
        return
    language = element.get("language", "en-US")
    words = (FRENCH if language.startswith("fr") else ENGLISH).get(name) or ENGLISH.get(name, "")
    if words:
        await call.until(call.hear(Piece(0, text=words, language=language)))


def prompt_for(element: Element, name: str, attempt: int, error: str, kind: str) -> Element | None:
    """The Prompt that says most about this moment (Twilio docs, TwiML Prompt)."""
    named = {"errorType": _names_of(error), "attempt": {str(attempt)}, "cardType": {kind}}
    best, most = None, -1
    for prompt in element.inside("Prompt"):
        wanted = {key: set(prompt.get(key).split()) for key in named if prompt.get(key)}
        if prompt.get("for") == name and all(words & named[key] for key, words in wanted.items()):
            best, most = (prompt, len(wanted)) if len(wanted) > most else (best, most)
    return best


def wants_twice(element: Element, name: str) -> bool:
    """Must this be keyed twice, alike?"""
    return any(
        prompt.get("for") == name and prompt.get("requireMatchingInputs").lower() == "true"
        for prompt in element.inside("Prompt")
    )


def _names_of(error: str) -> set[str]:
    """Prompts call a time-out `timeout`, status callbacks `input-timeout`."""
    return {error, "timeout"} if error == NOTHING_KEYED else {error}
