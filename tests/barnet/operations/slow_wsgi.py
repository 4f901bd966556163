"""The portal, with one address that says on the disk that it has begun, and ends when it finds there that it may."""

import os
import time
import uuid
from pathlib import Path

from barnet.wsgi import application as portal


def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        folder = Path(os.environ["BEGUN"])
        (folder / f"begun-{uuid.uuid4().hex}").touch()
        while not (folder / "may end").exists():
            time.sleep(0.05)
        environ["PATH_INFO"] = "/health/live"
    return portal(environ, start_response)
