"""For what else we may use somebody's data, and what they said to that."""
