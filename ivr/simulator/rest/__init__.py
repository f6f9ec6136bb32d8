"""The REST API of the local network, for the official client: calls, queues, conferences, recordings, messages."""

from ivr.simulator.rest.app import rest_app
from ivr.simulator.rest.client import official_client

__all__ = ["official_client", "rest_app"]
