"""The project: settings, addresses, the base templates, and the foundation rooms."""
