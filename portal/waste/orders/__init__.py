"""Containers that a home may have, and orders of them."""
