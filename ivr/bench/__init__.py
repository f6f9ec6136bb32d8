"""Measurements behind `souffleur bench`: one file per promise, each with its floor."""
