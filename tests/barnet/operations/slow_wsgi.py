"""The portal, with one address that takes its time, and says on the disk that it has begun."""

import os
import time
import uuid
from pathlib import Path

from barnet.wsgi import application as portal


def application(environ, start_response):
    if environ["PATH_INFO"] == "/slow":
        (Path(os.environ["BEGUN"]) / uuid.uuid4().hex).touch()
        time.sleep(3)
        environ["PATH_INFO"] = "/health/live"
    return portal(environ, start_response)
