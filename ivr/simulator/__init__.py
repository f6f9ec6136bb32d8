"""The local telephone network: a small, faithful carrier on this machine.

`Line` is one caller on a virtual clock (`dial`, `press`, `say`, `silence`, `hang_up`); `Network` holds several lines
that can meet; `Carrier` is what both stand on. Only commands and tests import this package.
"""

from ivr.simulator.carrier import Carrier
from ivr.simulator.credentials import ACCOUNT_SID, AUTH_TOKEN, ProductionCredentials
from ivr.simulator.errors import BadTwiml, Fault
from ivr.simulator.network import Network
from ivr.simulator.phone import Line, Moment

__all__ = [
    "ACCOUNT_SID",
    "AUTH_TOKEN",
    "BadTwiml",
    "Carrier",
    "Fault",
    "Line",
    "Moment",
    "Network",
    "ProductionCredentials",
]
