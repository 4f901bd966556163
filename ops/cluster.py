#!/usr/bin/env python3
"""The private PostgreSQL cluster of this checkout.

    python3 ops/cluster.py exec -- COMMAND...   start the cluster, run COMMAND with its DATABASE_URL, stop the cluster
    python3 ops/cluster.py stop                 stop a cluster that was left running

What it promises:
- `.local/postgres` holds the data. The cluster listens on a socket in a folder that only its owner can enter, and on no
  network address, so it meets no other server.
- Commands may overlap: the first starts the cluster and the last one out stops it.
- Whatever was killed, the next start works. The locks are flocks, which the kernel drops with their process.
- When DATABASE_URL is set, COMMAND simply runs with it.

Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import fcntl
import hashlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).resolve().parent.parent
OUTSIDE = Path("/var/lib/barnet-portal")
PORT = 5433  # only names the socket file: the folder is ours alone
EXTENSIONS = ("postgis", "pg_trgm", "btree_gist", "unaccent")
SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
}
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class ClusterError(Exception):
    """A plain sentence that says what is wrong and what to do."""


@dataclass(frozen=True)
class Cluster:
    """Where the cluster lives and who owns it."""

    local: Path
    home: Path
    owner: pwd.struct_passwd
    binaries: Path

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    def url(self, socket_folder: str) -> str:
        """The host is a path, so it stands where a path stands: django-environ would not decode it as a host."""
        return f"postgis://portal@:{PORT}/{socket_folder}/portal"

    def run(self, program: str, *arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(self.binaries / program), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            cwd="/",
            start_new_session=True,  # Ctrl-C in the terminal must not reach the server before its clients
            **as_user(self.owner),
            **options,
        )


# --- Who and where ----------------------------------------------------------------------------------------------------


def as_user(user: pwd.struct_passwd) -> dict[str, Any]:
    """Arguments of subprocess that run the program as this user: PostgreSQL refuses to run as root."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": user.pw_dir, "LC_ALL": "C.UTF-8"}
    if user.pw_uid == os.getuid():
        return {"env": environment, "umask": 0o077}
    return {
        "env": environment,
        "umask": 0o077,
        "user": user.pw_uid,
        "group": user.pw_gid,
        "extra_groups": os.getgrouplist(user.pw_name, user.pw_gid),
    }


def find_cluster(local: Path) -> Cluster:
    local.mkdir(parents=True, exist_ok=True)
    link = local / "postgres"
    if link.is_symlink() and link.readlink().parent == OUTSIDE and link.readlink() != outside_home(local):
        link.unlink()  # copied with its checkout: the data belongs to the original
    if link.exists():
        return existing_cluster(local, link)
    owner = unprivileged_user()
    if can_enter(local, owner):
        return Cluster(local, link.resolve(), owner, find_binaries())
    home = outside_home(local)
    OUTSIDE.mkdir(exist_ok=True)
    OUTSIDE.chmod(0o755)
    if not link.is_symlink():
        link.symlink_to(home)
    return Cluster(local, home, owner, find_binaries())


def existing_cluster(local: Path, link: Path) -> Cluster:
    owner = pwd.getpwuid(link.stat().st_uid)
    if os.getuid() not in (0, owner.pw_uid):
        raise ClusterError(f"{link} belongs to {owner.pw_name}: run this as {owner.pw_name}, or delete that folder.")
    if owner.pw_uid == 0:
        raise ClusterError(f"{link} belongs to root, perhaps because it was copied: delete that folder and try again.")
    version = link / "PG_VERSION"
    if not version.exists():
        raise ClusterError(f"{link} holds no database: delete that folder and try again.")
    return Cluster(local, link.resolve(), owner, find_binaries(version.read_text().strip()))


def find_binaries(version: str = "") -> Path:
    """The newest PostgreSQL from 15 on that has PostGIS, or the version that wrote the data."""
    found = {
        folder.name: folder / "bin"
        for folder in Path("/usr/lib/postgresql").glob("*")
        if (folder / "bin" / "initdb").exists()
        and Path(f"/usr/share/postgresql/{folder.name}/extension/postgis.control").exists()
        and int(folder.name) >= 15
    }
    if version and version not in found:
        raise ClusterError(
            f"The data in .local/postgres was written by PostgreSQL {version}: "
            f"install postgresql-{version}-postgis-3, or run `make clean` to begin again."
        )
    if not found:
        raise ClusterError("PostgreSQL with PostGIS is missing: sudo apt-get install postgresql-15-postgis-3")
    return found[version or max(found, key=int)]


def unprivileged_user() -> pwd.struct_passwd:
    if os.getuid():
        return pwd.getpwuid(os.getuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise ClusterError("The user postgres is missing: apt-get install postgresql-15-postgis-3") from None


def can_enter(folder: Path, user: pwd.struct_passwd) -> bool:
    return subprocess.run(["test", "-x", str(folder)], cwd="/", **as_user(user)).returncode == 0


def path_key(local: Path) -> str:
    return hashlib.sha256(os.fsencode(local.resolve())).hexdigest()[:12]


def outside_home(local: Path) -> Path:
    """Where the data goes when the checkout lies in a folder that only root can enter."""
    return OUTSIDE / path_key(local)


def make_socket_folder(cluster: Cluster) -> str:
    """A short path, because a socket's may have 107 bytes; ours alone, because the server trusts whoever can enter."""
    for attempt in range(20):
        folder = Path(f"/tmp/barnet-portal-{path_key(cluster.local)}{f'-{attempt}' if attempt else ''}")
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, cluster.owner.pw_uid, cluster.owner.pw_gid)
        if is_private(cluster, folder):
            return str(folder)
    raise ClusterError("The folders /tmp/barnet-portal-* belong to somebody else: remove them and try again.")


def is_private(cluster: Cluster, folder: Path) -> bool:
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == cluster.owner.pw_uid and not found.st_mode & 0o077


# --- Start and stop ---------------------------------------------------------------------------------------------------


def running_server(cluster: Cluster) -> list[str] | None:
    """The lines of postmaster.pid (1 process, 2 data, 5 socket folder, 8 state) while our server runs."""
    try:
        lines = (cluster.home / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return None
    return lines if is_our_server(cluster, lines) else None


def is_our_server(cluster: Cluster, lines: Sequence[str]) -> bool:
    """After a reboot, in another container or in a copied folder the number may be another program's."""
    if lines[1:2] != [str(cluster.home)]:
        return False
    try:
        command = Path(f"/proc/{int(lines[0])}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    return command[0].endswith(b"/postgres") and os.fsencode(cluster.home) in command


def initialise(cluster: Cluster) -> None:
    """Build beside the final name, so that an interrupted start leaves no half-made cluster behind."""
    building = cluster.home.with_name(cluster.home.name + ".new")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(mode=0o700)
    os.chown(building, cluster.owner.pw_uid, cluster.owner.pw_gid)
    succeed(
        cluster.run(
            "initdb",
            f"--pgdata={building}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--locale-provider=icu",
            "--icu-locale=en-GB",
        ),
        "The private database could not be created",
    )
    building.rename(cluster.home)


def start(cluster: Cluster) -> str:
    """Start the server unless it runs already; returns its socket folder."""
    if not (cluster.home / "PG_VERSION").exists():
        initialise(cluster)
    if running_server(cluster) is None:
        launch(cluster)
    folder = wait_until_ready(cluster)
    if not (is_private(cluster, folder) and (folder / f".s.PGSQL.{PORT}").exists()):
        stop(cluster)  # somebody cleared /tmp
        launch(cluster)
        folder = wait_until_ready(cluster)
    create_database(cluster, str(folder))
    return str(folder)


def launch(cluster: Cluster) -> None:
    # A dead server's postmaster.pid would stop PostgreSQL only if another program now had its number.
    (cluster.home / "postmaster.pid").unlink(missing_ok=True)
    cluster.log.touch()
    os.chown(cluster.log, cluster.owner.pw_uid, cluster.owner.pw_gid)
    settings = {**SETTINGS, "unix_socket_directories": make_socket_folder(cluster), "port": str(PORT)}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    command = ["start", "-D", str(cluster.home), "-l", str(cluster.log), "-w", "-t", "300", "-o", options]
    for _ in range(10):
        if cluster.run("pg_ctl", *command).returncode == 0:
            return
        time.sleep(1)  # clients of a killed server may need a moment to notice and let go of its memory
    raise ClusterError(f"The private database does not start. Its log is {cluster.log}:\n{last_lines(cluster.log)}")


def wait_until_ready(cluster: Cluster) -> Path:
    for _ in range(3000):
        lines = running_server(cluster) or []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return Path(lines[4])
        time.sleep(0.1)
    raise ClusterError(f"The private database is not ready after five minutes. Its log is {cluster.log}.")


def create_database(cluster: Cluster, folder: str) -> None:
    """Extensions go into template1, so that test databases have them; the database comes last and marks the end."""
    if sql(cluster, folder, "postgres", "SELECT 1 FROM pg_database WHERE datname = 'portal'") == "1":
        return
    if sql(cluster, folder, "postgres", "SELECT 1 FROM pg_roles WHERE rolname = 'portal'") != "1":
        sql(cluster, folder, "postgres", "CREATE ROLE portal LOGIN CREATEDB")
    for extension in EXTENSIONS:
        sql(cluster, folder, "template1", f"CREATE EXTENSION IF NOT EXISTS {extension}")
    sql(cluster, folder, "postgres", "CREATE DATABASE portal OWNER portal")


def sql(cluster: Cluster, folder: str, database: str, statement: str) -> str:
    options = [f"--host={folder}", f"--port={PORT}", "--username=postgres", f"--dbname={database}"]
    result = cluster.run("psql", *options, "--no-psqlrc", "-qtA", "-v", "ON_ERROR_STOP=1", f"--command={statement}")
    return succeed(result, "The private database could not be prepared").strip()


def stop(cluster: Cluster) -> None:
    lines = running_server(cluster)
    if lines is None:
        return
    succeed(
        cluster.run("pg_ctl", "stop", "-D", str(cluster.home), "-m", "fast", "-w", "-t", "120"),
        "The private database does not stop",
    )
    if lines[4:5]:
        with contextlib.suppress(OSError):
            Path(lines[4]).rmdir()


def succeed(result: subprocess.CompletedProcess[str], sentence: str) -> str:
    if result.returncode:
        raise ClusterError(f"{sentence}:\n{(result.stderr or result.stdout).strip()}")
    return result.stdout


def last_lines(path: Path, count: int = 15) -> str:
    with contextlib.suppress(OSError):
        return "\n".join(path.read_text(errors="replace").splitlines()[-count:])
    return ""


# --- Sharing ----------------------------------------------------------------------------------------------------------


def open_lock(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("ab")
    except PermissionError:
        raise ClusterError(f"You may not write {path}: run this as its owner, or delete it.") from None


@contextlib.contextmanager
def shared_cluster(local: Path) -> Iterator[str]:
    """The cluster's address for as long as the caller needs it.

    Two locks: `users` is held, shared, by everyone who needs the cluster; `change` by whoever starts or stops it.
    Leaving: under `change`, give up one's own share and try for the whole of `users`. Getting it means that nobody is
    left, and a newcomer waits at `users` until the server has stopped.
    """
    with open_lock(local / "cluster.users.lock") as users, open_lock(local / "cluster.change.lock") as change:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            fcntl.flock(change, fcntl.LOCK_EX)
            cluster = find_cluster(local)
            folder = start(cluster)
            fcntl.flock(change, fcntl.LOCK_UN)
            yield cluster.url(folder)
        finally:
            for number in STOP_SIGNALS:
                signal.signal(number, lambda *_: None)  # leaving is quick, and half left is worse
            fcntl.flock(change, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_UN)
            with contextlib.suppress(BlockingIOError):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(find_cluster(local))


def end_with_parent() -> None:
    """Ask Linux to send SIGTERM when the parent dies, so that kill -9 of a parent leaves nothing running."""
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def begin_child() -> None:
    end_with_parent()
    signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)


def run_command(command: Sequence[str], environment: dict[str, str]) -> int:
    """Run the command to its end, passing on every request to stop; returns its exit code."""
    signal.pthread_sigmask(signal.SIG_BLOCK, STOP_SIGNALS)  # until there is a child to pass them to
    try:
        child = subprocess.Popen(command, env=environment, preexec_fn=begin_child)
        for number in STOP_SIGNALS:
            signal.signal(number, lambda number, _frame: pass_on(child, number))
    except OSError as error:
        raise ClusterError(f"{command[0]} cannot be run: {error.strerror}.") from error
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
    code = child.wait()
    return code if code >= 0 else 128 - code


def pass_on(child: subprocess.Popen[bytes], number: int) -> None:
    """A terminal sends its Ctrl-C to the child as well: twice would cut short the child's tidying up."""
    if number == signal.SIGTERM or not in_terminal_foreground():
        child.send_signal(number)


def in_terminal_foreground() -> bool:
    try:
        with open("/dev/tty") as terminal:
            return os.tcgetpgrp(terminal.fileno()) == os.getpgrp()
    except OSError:
        return False


def interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def execute(local: Path, command: Sequence[str]) -> int:
    for number in STOP_SIGNALS:
        signal.signal(number, interrupt)
    if os.environ.get("DATABASE_URL"):
        return run_command(command, dict(os.environ))
    with shared_cluster(local) as url:
        return run_command(command, {**os.environ, "DATABASE_URL": url})


def stop_left_over(local: Path) -> int:
    with open_lock(local / "cluster.users.lock") as users:
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ClusterError("The private database is in use: stop `make run` or `make test` first.") from None
        if (local / "postgres" / "PG_VERSION").exists():
            stop(find_cluster(local))
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description="The private PostgreSQL cluster of this checkout.")
    parser.add_argument("--local", type=Path, default=ROOT / ".local", help="the folder for data and locks")
    actions = parser.add_subparsers(dest="action", required=True)
    run = actions.add_parser("exec", help="run a command with DATABASE_URL")
    run.add_argument("--end-with-parent", action="store_true", help="stop when the process that started this one dies")
    run.add_argument("command", nargs=argparse.REMAINDER)
    actions.add_parser("stop", help="stop a cluster that was left running")
    options = parser.parse_args()
    try:
        if options.action == "stop":
            return stop_left_over(options.local)
        if options.end_with_parent:
            end_with_parent()
        command = options.command[1:] if options.command[:1] == ["--"] else options.command
        if not command:
            parser.error("name a command after --")
        return execute(options.local, command)
    except ClusterError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
