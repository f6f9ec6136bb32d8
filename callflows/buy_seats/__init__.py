"""Flow: which production, which evening, how many, where, the best ones, yes; a file for each part."""

from callflows.buy_seats import offer, sale, shortlist, when, where, which
from callflows.buy_seats.purchase import flow

__all__ = ["flow", "offer", "sale", "shortlist", "when", "where", "which"]
