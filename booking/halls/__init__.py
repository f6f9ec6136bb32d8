"""Halls: the plan of each house as a file of its own, read into seats; and the picture of it."""
