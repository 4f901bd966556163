"""Notifications on a device: Web Push (RFC 8030), encrypted (RFC 8291), from us and nobody else (VAPID, RFC 8292)."""
