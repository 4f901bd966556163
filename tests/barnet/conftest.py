from tests.barnet.notifications.workers import start  # noqa: F401 - starts real workers
