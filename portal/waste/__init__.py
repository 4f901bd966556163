"""Bins: rounds, containers, collection days, and what to do when a bin was missed."""
