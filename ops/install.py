#!/usr/bin/env python3
"""Install what is missing, and nothing else: Debian packages, Python packages, front-end packages, the compiled assets.

Every step leaves a stamp in `.local/stamps` with a hash of what it was made from, so that a second start only compares.
It never asks a question: what cannot be installed ends in a sentence that says what to do.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import configparser
import fcntl
import hashlib
import importlib.util
import os
import re
import secrets
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import catalogues

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOG = LOCAL / "install.log"
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
UV = LOCAL / "uv" / "bin" / "uv"

POSTGRESQL = ["postgresql-15", "postgresql-15-postgis-3"]
PACKAGES = [
    *POSTGRESQL,
    "gdal-bin",
    "redis-tools",  # for tests: it has the server's program, and starts no service
    "ca-certificates",
    "fonts-dejavu-core",
    "fonts-liberation",
]
OLDEST_NODE = 18
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# Where postgresql-common looks before it creates and starts a server on port 5432, which nobody asked for.
NO_MAIN_CLUSTER = "/etc/postgresql-common/createcluster.d/barnet-portal.conf"


class InstallError(Exception):
    """A plain sentence that says what is missing and how to install it."""


# --- Stamps -----------------------------------------------------------------------------------------------------------


def fingerprint(files: Iterable[Path], *also: str) -> str:
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(file.read_bytes())
    for text in also:
        digest.update(f"\0{text}".encode())
    return digest.hexdigest()


def is_stamped(name: str, value: str) -> bool:
    stamp = LOCAL / "stamps" / name
    return stamp.exists() and stamp.read_text() == value


def write_stamp(name: str, value: str) -> None:
    stamp = LOCAL / "stamps" / name
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(value)


# --- Running programs -------------------------------------------------------------------------------------------------


def say(sentence: str) -> None:
    print(sentence, flush=True)


def trusting_the_machine() -> dict[str, str]:
    """uv and Node bring their own list of certificate authorities: use the machine's, as apt and pip do."""
    environment = {"UV_SYSTEM_CERTS": "true"}
    if AUTHORITIES.exists():
        environment["NODE_EXTRA_CA_CERTS"] = str(AUTHORITIES)
    return {**environment, **os.environ}


def run(command: Sequence[str | Path], *, otherwise: str, **more: str) -> None:
    """Run a program with its output in the log; when it fails, show the end of that and the sentence.

    `more` is for its environment, where what the user has set stands.
    """
    env = {**more, **trusting_the_machine()}
    with LOG.open("ab") as log:
        log.write(f"\n$ {shlex.join(map(str, command))}\n".encode())
        log.flush()
        begins = log.tell()
        code = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log).returncode
    if code:
        with LOG.open("rb") as log:
            log.seek(begins)
            ending = log.read().decode(errors="replace").splitlines()[-25:]
        raise InstallError("\n".join([*ending, "", f"{otherwise} The whole output is in {LOG}."]))


def answers(*command: str | Path) -> str | None:
    """What the program prints, or None when it is absent or broken."""
    try:
        result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except OSError:
        return None
    return result.stdout.strip() if result.returncode == 0 else None


# --- Debian packages --------------------------------------------------------------------------------------------------


def missing_packages() -> list[str]:
    wanted = list(PACKAGES)
    if not shutil.which("chromium"):
        wanted += ["chromium", "chromium-sandbox"]
    if not has_node():
        wanted += ["nodejs", "npm"]
    if not (has_python_packages() or find_uv() or importlib.util.find_spec("ensurepip")):
        wanted.append("python3-venv")
    return [package for package in wanted if not is_installed(package)]


def is_installed(package: str) -> bool:
    return answers("dpkg-query", "--show", "--showformat=${db:Status-Status}", package) == "installed"


def has_node() -> bool:
    version = re.match(r"v(\d+)", answers("node", "--version") or "")
    return bool(version and int(version[1]) >= OLDEST_NODE and shutil.which("npm"))


def ensure_packages() -> None:
    missing = missing_packages()
    if missing:
        install_packages(missing)
    if not has_node():
        raise InstallError(f"The node on your PATH is older than version {OLDEST_NODE}, or has no npm: take it off.")


def install_packages(missing: Sequence[str]) -> None:
    by_hand = f"Install them yourself: sudo apt-get install {' '.join(missing)}"
    if not shutil.which("apt-get"):
        raise InstallError(f"This machine has no apt-get. The portal needs what Debian 12 calls {', '.join(missing)}.")
    say(f"Installing Debian packages (a few minutes the first time): {', '.join(missing)}")
    administrator = as_administrator(by_hand)
    apt = [*administrator, "env", "DEBIAN_FRONTEND=noninteractive", "NEEDRESTART_MODE=a", "apt-get", "--quiet", "--yes"]
    apt += ["--option", "DPkg::Lock::Timeout=300"]
    try:
        run([*apt, "update"], otherwise="")
    except InstallError:
        say("Some package lists could not be refreshed; going on with those that could.")
    install = [*apt, "install", "--no-install-recommends", "--no-remove"]
    otherwise = f"Debian packages could not be installed. {by_hand}"
    if POSTGRESQL[0] not in missing:
        run([*install, *missing], otherwise=otherwise)
        return
    run([*install, "postgresql-common"], otherwise=otherwise)
    setting = f"mkdir -p {os.path.dirname(NO_MAIN_CLUSTER)} && echo 'create_main_cluster = false' > {NO_MAIN_CLUSTER}"
    run([*administrator, "sh", "-c", setting], otherwise=otherwise)
    try:
        run([*install, *missing], otherwise=otherwise)
    finally:
        run([*administrator, "rm", "-f", NO_MAIN_CLUSTER], otherwise=otherwise)


def as_administrator(by_hand: str) -> list[str]:
    if os.getuid() == 0:
        return []
    if answers("sudo", "-n", "true") is None:
        raise InstallError(f"Debian packages are missing and sudo is not available without a password. {by_hand}")
    return ["sudo", "-n"]


# --- Python packages --------------------------------------------------------------------------------------------------


def find_uv() -> str | None:
    for candidate in (str(UV), "uv"):
        if answers(candidate, "--version"):
            return candidate
    return None


def install_uv() -> str:
    found = find_uv()
    if found:
        return found
    say("Installing uv, which installs the Python packages")
    otherwise = "uv could not be installed: check the network and pip's settings, or put uv on the PATH."
    run([sys.executable, "-m", "venv", "--clear", LOCAL / "uv"], otherwise=otherwise)
    pip = [str(UV.with_name("python")), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    run([*pip, "install", "--require-hashes", "-r", ROOT / "ops" / "uv.txt"], otherwise=otherwise)
    return str(UV)


def python_fingerprint() -> str:
    return fingerprint([ROOT / "requirements-dev.txt"], str(VENV), sys.version)


def has_python_packages() -> bool:
    return is_stamped("python", python_fingerprint()) and answers(VENV_PYTHON, "-c", "import django") is not None


def install_python() -> None:
    if has_python_packages():
        return
    uv = install_uv()
    if answers(VENV_PYTHON, "-c", "import sys; print(sys.version)") != sys.version:
        run([sys.executable, "-m", "venv", "--clear", "--without-pip", VENV], otherwise=f"{VENV} could not be created.")
    say("Installing Python packages")
    sync = [uv, "pip", "sync", "--require-hashes", "--python", str(VENV_PYTHON), "requirements-dev.txt"]
    rules = {"UV_PYTHON_DOWNLOADS": "never", "UV_LINK_MODE": "copy"}
    otherwise = "Python packages could not be installed: check the network and the settings of pip or uv."
    try:
        run(sync, otherwise=otherwise, **rules, **pip_settings_for_uv())
    except InstallError:
        run(sync, otherwise=otherwise, **rules)
    write_stamp("python", python_fingerprint())


def pip_settings_for_uv() -> dict[str, str]:
    """uv does not read pip's settings: hand on where packages come from, unless uv has been told itself.

    Like pip, it may then take a package from any of the indexes; the hashes in the lock file keep that safe.
    """
    if any(name in os.environ for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL", "UV_CONFIG_FILE")):
        return {}
    names = {
        "index-url": "UV_INDEX_URL",
        "extra-index-url": "UV_EXTRA_INDEX_URL",
        "find-links": "UV_FIND_LINKS",
        "cert": "SSL_CERT_FILE",
    }
    home = Path.home()
    parser = configparser.RawConfigParser()
    parser.read(
        [
            Path("/etc/pip.conf"),
            home / ".pip" / "pip.conf",
            Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config") / "pip" / "pip.conf",
            Path(os.environ.get("PIP_CONFIG_FILE", os.devnull)),
        ]
    )
    settings = {"UV_INDEX_STRATEGY": "unsafe-best-match"}
    for name, uv_name in names.items():
        value = os.environ.get(f"PIP_{name.upper().replace('-', '_')}") or parser.get("global", name, fallback="")
        if value:
            settings[uv_name] = " ".join(value.split()) if name != "find-links" else ",".join(value.split())
    return settings


# --- The front end ----------------------------------------------------------------------------------------------------


def install_node_modules() -> None:
    lock = ROOT / "package-lock.json"
    if not lock.exists():
        raise InstallError("package-lock.json is missing: restore it, or make it again with `npm install`.")
    value = fingerprint([ROOT / "package.json", lock], answers("node", "--version") or "")
    if is_stamped("node_modules", value) and (ROOT / "node_modules").is_dir():
        return
    say("Installing front-end packages")
    run(["npm", "ci"], otherwise="Front-end packages could not be installed: check the network and npm's settings.")
    write_stamp("node_modules", value)


def build_assets() -> None:
    value = fingerprint(asset_sources())
    if is_stamped("assets", value) and (LOCAL / "assets").is_dir():
        return
    say("Compiling style sheets and scripts")
    run(["npm", "run", "build"], otherwise="Style sheets and scripts could not be compiled.")
    write_stamp("assets", value)


def asset_sources() -> list[Path]:
    """What the build reads: the two package files, its own scripts, and every folder named assets."""
    folders = [folder for pattern in ("assets", "*/assets", "*/*/assets") for folder in ROOT.glob(pattern)]
    not_ours = {".local", ".venv", "node_modules"}
    ours = [folder for folder in folders if folder.relative_to(ROOT).parts[0] not in not_ours]
    sources = [file for folder in ours for file in folder.rglob("*") if file.is_file()]
    return [*sources, *ROOT.glob("package*.json"), *ROOT.glob("*.mjs"), *ROOT.glob("ops/*.mjs")]


# --- Languages --------------------------------------------------------------------------------------------------------


def compile_catalogues() -> None:
    sources = catalogues.sources(ROOT)
    value = fingerprint([*sources, Path(catalogues.__file__)])
    if is_stamped("catalogues", value) and all(source.with_suffix(".mo").exists() for source in sources):
        return
    try:
        catalogues.compile_all(ROOT)
    except catalogues.CatalogueError as error:
        raise InstallError(f"A catalogue of translations is broken. {error}") from error
    write_stamp("catalogues", value)


# --- All of it --------------------------------------------------------------------------------------------------------


def make_secret_key() -> None:
    """Made once, so that sessions outlive a restart."""
    try:
        handle = os.open(LOCAL / "secret-key", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(64))


def install() -> None:
    LOCAL.mkdir(exist_ok=True)
    if not os.access(LOCAL, os.W_OK):
        raise InstallError(f"You may not write in {LOCAL}: it belongs to {LOCAL.owner()}. Run this as {LOCAL.owner()}.")
    began = time.monotonic()
    with (LOCAL / "install.lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # `make run` and `make test` may begin together
        make_secret_key()
        ensure_packages()
        install_python()
        install_node_modules()
        build_assets()
        compile_catalogues()
    if time.monotonic() - began > 10:
        say(f"Everything is installed ({time.monotonic() - began:.0f} s).")


def main() -> int:
    if sys.version_info[:2] != (3, 11):
        print("The portal needs Python 3.11: make PYTHON=/path/to/python3.11 ...", file=sys.stderr)
        return 1
    try:
        install()
    except InstallError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
