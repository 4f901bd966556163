"""ops/cluster.py with a real server, started the way the make targets start it."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import environ
import psycopg
import pytest

CLUSTER = Path(__file__).parents[2] / "ops" / "cluster.py"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}


def cluster(local, *arguments, **options):
    return subprocess.Popen(
        [sys.executable, str(CLUSTER), "--local", str(local), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**ENVIRONMENT, **options},
    )


def finish(process):
    out, err = process.communicate(timeout=180)
    return process.returncode, out.strip(), err.strip()


def run(local, *command, **options):
    return finish(cluster(local, "exec", "--", *command, **options))


def print_url(local):
    code, url, err = run(local, "sh", "-c", "echo $DATABASE_URL")
    assert code == 0, err
    return url


def connect(url):
    settings = environ.Env.db_url_config(url)
    return psycopg.connect(
        dbname=settings["NAME"], user=settings["USER"], host=settings["HOST"], port=settings["PORT"], autocommit=True
    )


def server_number(local):
    return int((local / "postgres" / "postmaster.pid").read_text().split()[0])


def is_running(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def wait_for(condition):
    for _ in range(2400):
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("waited two minutes in vain")


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a cluster, deeper than a socket's path may be long; making one takes two seconds."""
    local = tmp_path_factory.mktemp("portal") / ("a-rather-long-name-for-a-folder " * 6).strip() / ".local"
    print_url(local)
    yield local
    finish(cluster(local, "stop"))
    shutil.rmtree((local / "postgres").resolve())


@pytest.fixture
def local(made):
    yield made
    finish(cluster(made, "stop"))


@contextlib.contextmanager
def holding(local):
    """A command that needs the cluster until its input ends; yields (process, address, server)."""
    process = cluster(local, "exec", "--", "sh", "-c", "echo $DATABASE_URL; exec sleep 60")
    try:
        url = process.stdout.readline().strip()
        yield process, url, server_number(local)
    finally:
        process.send_signal(signal.SIGTERM)
        finish(process)


def test_command_gets_a_database_with_the_extensions_and_may_create_more(local):
    with holding(local) as (_, url, _), connect(url) as connection:
        connection.execute("DROP DATABASE IF EXISTS another")
        connection.execute("CREATE DATABASE another")
        with connect(url.removesuffix("/portal") + "/another") as another:
            found = {name for (name,) in another.execute("SELECT extname FROM pg_extension")}
            assert found >= {"postgis", "pg_trgm", "btree_gist", "unaccent"}
            another.execute("CREATE TABLE place (at geometry(Point, 27700))")
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SHOW synchronous_commit").fetchone() == ("on",)
        assert connection.execute("SELECT usesuper FROM pg_user WHERE usename = 'portal'").fetchone() == (False,)
        connection.execute("DROP DATABASE another")


def test_server_is_reachable_only_through_a_private_folder(local):
    with holding(local) as (_, url, _), connect(url) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        folder = Path(environ.Env.db_url_config(url)["HOST"])
        assert folder.stat().st_mode & 0o077 == 0
        assert len(str(folder)) < 60


def test_server_stops_with_the_last_command_and_the_exit_code_is_kept(local):
    assert run(local, "sh", "-c", "exit 7")[0] == 7
    assert not (local / "postgres" / "postmaster.pid").exists()


def test_data_survives_a_restart(local):
    with holding(local) as (_, url, _), connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with holding(local) as (_, url, _), connect(url) as connection:
        assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)


def test_overlapping_commands_share_the_server_until_the_last_one_ends(local):
    with holding(local) as (_, _, first):
        with holding(local) as (_, _, second):
            assert second == first
        assert is_running(first)
    assert not is_running(first)


def test_many_commands_at_once_all_find_the_database(local):
    processes = [cluster(local, "exec", "--", "sh", "-c", "echo $DATABASE_URL") for _ in range(8)]
    results = [finish(process) for process in processes]
    assert {code for code, _, _ in results} == {0}
    assert len({url for _, url, _ in results}) == 1


def test_terminating_reaches_the_command_and_stops_the_server(local):
    with holding(local) as (process, _, server):
        process.send_signal(signal.SIGTERM)
        assert finish(process)[0] == 128 + signal.SIGTERM
        assert not is_running(server)


def test_after_kill_9_of_the_wrapper_the_command_ends_and_the_next_start_works(local):
    process = cluster(local, "exec", "--", "sh", "-c", "echo $$; exec sleep 60")
    command = int(process.stdout.readline())
    process.kill()
    process.wait()
    wait_for(lambda: not is_running(command))
    assert print_url(local)
    assert not (local / "postgres" / "postmaster.pid").exists()


def test_after_a_crash_of_the_server_the_next_start_works(local):
    with holding(local) as (_, url, server), connect(url) as connection:
        connection.execute("CREATE TABLE before_the_crash ()")
        os.kill(server, signal.SIGKILL)
        wait_for(lambda: not is_running(server))
    with holding(local) as (_, url, _), connect(url) as connection:
        assert connection.execute("SELECT to_regclass('before_the_crash')").fetchone() == ("before_the_crash",)


def test_a_number_that_another_program_has_now_does_not_block_the_start(local):
    with holding(local) as (_, _, server):
        pid_file = local / "postgres" / "postmaster.pid"
        lines = pid_file.read_text().splitlines()
        os.kill(server, signal.SIGKILL)
        wait_for(lambda: not is_running(server))
    owner = pid_file.parent.stat()
    with subprocess.Popen(["sleep", "60"], user=owner.st_uid, group=owner.st_gid, cwd="/") as stranger:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        os.chown(pid_file, owner.st_uid, owner.st_gid)
        assert print_url(local)
        assert is_running(stranger.pid)
        stranger.kill()


def test_a_cleared_tmp_does_not_block_the_next_command(local):
    with holding(local) as (process, url, _):
        process.kill()
        process.wait()
        folder = Path(environ.Env.db_url_config(url)["HOST"])
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        assert print_url(local)


def test_a_strangers_socket_folder_is_not_trusted(local):
    folder = Path(environ.Env.db_url_config(print_url(local))["HOST"])
    folder.mkdir(mode=0o755)
    try:
        assert environ.Env.db_url_config(print_url(local))["HOST"] != str(folder)
    finally:
        folder.rmdir()


def test_a_given_database_is_left_alone(tmp_path):
    given = "postgis://somebody@elsewhere/portal"
    code, url, _ = run(tmp_path / ".local", "sh", "-c", "echo $DATABASE_URL", DATABASE_URL=given)
    assert (code, url) == (0, given)
    assert not (tmp_path / ".local").exists()


def test_stop_refuses_while_a_command_needs_the_server(local):
    with holding(local) as (_, _, server):
        code, _, err = finish(cluster(local, "stop"))
        assert code == 1
        assert "in use" in err
        assert is_running(server)


def test_an_unknown_command_is_named_in_one_sentence(local):
    code, _, err = run(local, "no-such-program")
    assert (code, err) == (1, "no-such-program cannot be run: No such file or directory.")
