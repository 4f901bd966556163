"""What authors look at around a form: every way, what changed, whom it touches (docs/staff/forms-checking.md)."""
