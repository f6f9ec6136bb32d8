"""Seasons: what is played when, at which price, sold when by whom; each a file of its own."""
