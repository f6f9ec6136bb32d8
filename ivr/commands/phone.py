"""souffleur phone: the local telephone network on real time, with a telephone in the browser."""

from __future__ import annotations

import os
import sys
import threading
from functools import partial

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8010, show_default=True, help="Which port; 0 for any.")
@click.option("--product", default="", help="Base address of the product; else PUBLIC_URL, or the local server.")
@click.option("--called", default="", help="The number of the house that the page offers to dial; else HOUSE_NUMBER.")
@click.option("--agent", default="", help="The number of a second line on the page, that of an agent.")
@click.option("--lang", "language", default="", help="The language of the first sentence (fr, en).")
@click.option("--speed", default=1.0, show_default=True, help="Seconds of a call per second.")
@click.option("--ears/--no-ears", default=True, help="Understand the microphone with the models that are there.")
@click.option("--clumsy", default=None, metavar="SEED", help="Repeat, delay, lose, reorder and forge deliveries.")
@click.option("--out-of-order", is_flag=True, help="Let status callbacks overtake each other.")
@click.option("--exposed", is_flag=True, help="Allow another address than loopback: anybody there can dial.")
def command(
    host: str,
    port: int,
    product: str,
    called: str,
    agent: str,
    language: str,
    speed: float,
    ears: bool,
    clumsy: str | None,
    out_of_order: bool,
    exposed: bool,
) -> None:
    """Run the local telephone network: REST at /2010-04-01, and a telephone at / for any browser.

    Point the product at it with CARRIER_URL, and dial. Both sides must hold the same TWILIO_AUTH_TOKEN. With the
    credentials of a real account the network does not start.
    """
    from ivr.demo.beside import beside_the_house
    from ivr.settings import Settings
    from ivr.simulator.browser import phone_pages
    from ivr.simulator.browser.recogniser import house_recogniser
    from ivr.simulator.credentials import ACCOUNT_SID, AUTH_TOKEN, ProductionCredentials
    from ivr.simulator.service import NotLoopback, PortTaken, Service

    settings = Settings.read()
    recognise, languages = house_recogniser(settings.data, os.environ) if ears else (None, ())
    pages = partial(
        phone_pages, called=called or settings.house_number, agent=agent, recognise=recognise,
        house=beside_the_house(settings),
    )  # fmt: skip
    try:
        service = Service(
            product or settings.base_url,
            host=host,
            port=port,
            auth_token=settings.auth_token or AUTH_TOKEN,
            account_sid=settings.account_sid or ACCOUNT_SID,
            speed=speed,
            clumsy=clumsy,
            out_of_order=out_of_order,
            language=language,
            exposed=exposed,
            pages=pages,
        )
    except ProductionCredentials as error:
        sys.exit(f"TWILIO_ACCOUNT_SID ({error}) is a real account: the local network does not start with it.")
    except NotLoopback:
        sys.exit(f"{host} can be reached by others; say --exposed if that is wanted.")
    except PortTaken as error:
        sys.exit(f"{error} is in use by another program: give another with --port.")
    service.own(called or settings.house_number)
    with service:
        click.echo(f"Telephone: {service.url}/    REST: CARRIER_URL={service.url}    product: {service.product_url}")
        click.echo(f"The microphone is understood in: {', '.join(languages) or 'no language; words can be typed'}")
        click.echo(f"Account {service.carrier.account_sid}. Ctrl-C ends it.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            click.echo("")
