"""Backup and restore: one folder holds the database, both kinds of files, and a manifest of what must come back."""
