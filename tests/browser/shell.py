"""An operator at the running portal: one process that stays, because to start one takes longer than most answers.

Each question is a line of JSON, `{"code": ...}` or `{"command": [...]}`; so is its answer, `{"said": ...}` or
`{"wrong": ...}`.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Shell:
    def __init__(self, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.browser.shell"],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **question: Any) -> str:
        self._process.stdin.write(f"{json.dumps(question)}\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        assert "said" in answer, answer["wrong"]
        return answer["said"]

    def close(self) -> None:
        self._process.communicate()


def _answer_all() -> None:
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # whatever else is printed is no answer
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "barnet.settings")
    import django

    django.setup()
    from django.db import close_old_connections

    for line in sys.stdin:
        answers.write(f"{json.dumps(_answer(json.loads(line)))}\n")
        close_old_connections()


def _answer(question: dict[str, Any]) -> dict[str, str]:
    from django.core.management import call_command

    said = io.StringIO()
    try:
        with contextlib.redirect_stdout(said):
            if "code" in question:
                exec(question["code"], {})
            else:
                call_command(*question["command"])
    except BaseException:  # also a command that gives up by SystemExit
        return {"wrong": traceback.format_exc()}
    return {"said": said.getvalue()}


if __name__ == "__main__":
    _answer_all()
