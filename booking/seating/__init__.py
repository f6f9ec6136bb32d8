"""Seating: from free seats to the best ones, pure, on the bits of one whole number."""
