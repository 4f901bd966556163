"""The portal's settings for a worker that a test starts: on the test's database."""

import os

from barnet.settings import *  # noqa: F403
from barnet.settings import DATABASES

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]
