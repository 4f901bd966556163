"""Alerts to staff, such as “visit in pairs”, and the household at an address."""
