"""Fresh databases."""

import contextlib
import os
import subprocess
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

VARIABLE = "TOLLGATE_TEST_PG"


@contextlib.contextmanager
def sqlite(directory: Path):
    """A file that the gateway makes itself."""
    yield f"sqlite:{directory / 'data' / 'tollgate.sqlite'}"


@contextlib.contextmanager
def postgres(_directory: Path):
    """A database of its own in the cluster of the environment."""
    server = os.environ.get(VARIABLE)
    if not server:
        raise RuntimeError(f"{VARIABLE} names no PostgreSQL; `cargo xtask test` starts one")
    name = f"sdk_{uuid.uuid4().hex}"
    _psql(server, f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        _psql(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _psql(server: str, statement: str):
    command = ["psql", "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement, server]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{statement}: {done.stderr.strip()}")


BACKENDS = {"sqlite": sqlite, "postgres": postgres}
