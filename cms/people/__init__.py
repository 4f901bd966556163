"""Accounts of staff in the authoring admin: who works here, in which roles. Residents' accounts never appear here."""
