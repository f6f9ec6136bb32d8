"""Flow: which production, which evening, how many, where, the best ones, yes; a file for each part."""

from callflows.buy_seats import offer, sale, when, where, which
from callflows.buy_seats.purchase import flow

__all__ = ["flow", "offer", "sale", "when", "where", "which"]
