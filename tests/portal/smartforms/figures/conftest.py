from tests.portal.smartforms.running.conftest import club, hand, service

__all__ = ["club", "hand", "service"]
