"""The only place with queries: one small file per noun, all on the transaction they are handed."""

from __future__ import annotations

from booking.store.transactions import Busy, Clash, Transaction, Transactions

__all__ = ["Busy", "Clash", "Transaction", "Transactions"]
