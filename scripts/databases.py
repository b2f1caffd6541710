"""Databases: one template per Odoo with the apps that the addon builds on, and quick copies of it."""

import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager

import odoo_process
import postgres
from console import Failure, step
from folders import ADDON, DATABASES, LOGS, ODOO_DATA, REPOSITORY, lock

APPS = "sale_management,sale_stock,stock_delivery"
MORE_APPS = os.environ.get("AMAZON_TEST_APPS", "")  # optional apps that the addon works with, such as sale_mrp
PREFIX = "amazon"
NO_CODE_OF_THE_SERVER = {"tests", "simulator", "scripts", "bench", "doc", "docs", ".git", ".work", ".ci"}


def template(odoo):
    """Name of the template database, made first where it is missing (some minutes, once)."""
    name = f"{PREFIX}_template_{short(odoo)}"
    with lock("template"):
        if not exists(name):
            building = f"{name}_building"
            drop(building)
            with step(f"Installing Odoo's apps in a template database ({odoo}; two or three minutes)"):
                create(building)
                odoo_process.install(odoo, building, APPS, log=LOGS / f"{name}.log")
                rename(building, name)
    return template_with_more_apps(odoo, name) if MORE_APPS else name


def template_with_more_apps(odoo, base):
    """Name of a template that has the optional apps too, made of the other one where it is missing."""
    name = f"{PREFIX}_template_{short(odoo, MORE_APPS)}"
    if not exists(name):
        building = f"{name}_building"
        copy(base, building)
        with step(f"Installing {MORE_APPS} in a template database"):
            odoo_process.install(odoo, building, MORE_APPS, log=LOGS / f"{name}.log")
            rename(building, name)
    return name


def prepare(odoo, name, *, fresh=False):
    """Database `name` with the addon in its present state: a copy of the template, or an update of that copy."""
    database = checkout_name(odoo, name)
    source = template(odoo)
    state = fingerprint()
    with lock(database):
        if fresh or not exists(database) or not mark(database).exists():
            copy(source, database)
            with step(f"Installing the addon in {database}"):
                odoo_process.install(odoo, database, ADDON, log=LOGS / f"{database}.log")
        elif mark(database).read_text() != state:
            with step(f"Updating the addon in {database}"):
                odoo_process.install(odoo, database, ADDON, update=True, log=LOGS / f"{database}.log")
        mark(database).write_text(state)
    return database


def copy(source, database):
    """Make `database` a copy of `source`, with its attachments."""
    drop(database)
    with lock("template"):
        execute(f'CREATE DATABASE "{database}" TEMPLATE "{source}"')
    store = ODOO_DATA / "filestore"
    if (store / source).exists():
        # Attachment files are written once and named by their content, so both may share them.
        shutil.copytree(store / source, store / database, copy_function=os.link)


def bring_over(server, origin, database):
    """Have a server of ours hold a current copy of a database of another one; the attachments stay where they are.

    :param server: the home of our server, the one that the environment names
    :param dict origin: the environment variables that name the other one
    """
    original = f"{database}_original"
    brought = mark(original)
    if not (exists(original) and brought.exists() and brought.read_text() == mark(database).read_text()):
        with step("Bringing the database over to a server of its own"):
            brought.unlink(missing_ok=True)
            execute(f'DROP DATABASE IF EXISTS "{original}" WITH (FORCE)')
            create(original)
            load_dump(server, origin, database, original)
        brought.write_text(mark(database).read_text())
    execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    execute(f'CREATE DATABASE "{database}" TEMPLATE "{original}"')


def load_dump(server, origin, source, database):
    """Fill an empty database with the contents of one of another server."""
    dump = [postgres.program(server, "pg_dump"), "--no-owner", source]
    load = [postgres.program(server, "psql"), "--quiet", "--single-transaction", "-v", "ON_ERROR_STOP=1", database]
    with subprocess.Popen(dump, env={**os.environ, **origin}, stdout=subprocess.PIPE) as dumping:
        loaded = subprocess.run(load, stdin=dumping.stdout, stdout=subprocess.DEVNULL, check=False)
    if dumping.returncode or loaded.returncode:
        raise Failure(f"The database {source} could not be copied to another server.")


def create(database):
    """Make an empty database the way Odoo does."""
    execute(f"CREATE DATABASE \"{database}\" ENCODING 'unicode' LC_COLLATE 'C' TEMPLATE template0")


def drop(database):
    """Remove a database, its attachments and our note of it."""
    execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
    shutil.rmtree(ODOO_DATA / "filestore" / database, ignore_errors=True)
    mark(database).unlink(missing_ok=True)


def rename(database, name):
    """Rename a database and its attachments."""
    execute(f'ALTER DATABASE "{database}" RENAME TO "{name}"')
    store = ODOO_DATA / "filestore"
    shutil.rmtree(store / name, ignore_errors=True)
    if (store / database).exists():
        (store / database).rename(store / name)


def exists(database):
    """Whether the server has that database."""
    with cursor() as cr:
        cr.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database])
        return bool(cr.fetchone())


def execute(statement):
    """Run one statement on the server, outside a transaction."""
    with cursor() as cr:
        cr.execute(statement)


@contextmanager
def cursor(database="postgres"):
    """A cursor in autocommit mode."""
    import psycopg2

    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    try:
        with connection.cursor() as cr:
            yield cr
    finally:
        connection.close()


def is_current(database):
    """Whether a database has the addon in its present state."""
    return mark(database).exists() and mark(database).read_text() == fingerprint()


def mark(database):
    """File that notes which state of the addon a database has."""
    return DATABASES / database


def fingerprint():
    """Changes whenever a file changes that the server loads from the addon."""
    digest = hashlib.sha256()
    for path in sorted(REPOSITORY.rglob("*")):
        parts = path.relative_to(REPOSITORY).parts
        if parts[0] in NO_CODE_OF_THE_SERVER or "__pycache__" in parts or not path.is_file():
            continue
        digest.update("/".join(parts).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def checkout_name(odoo, name):
    """Full name of a database that belongs to this checkout and this Odoo."""
    return f"{PREFIX}_{name}_{short(odoo, REPOSITORY, MORE_APPS)}"


def short(odoo, *places):
    """Tells the databases of one Odoo from those of another, and those of one checkout from another's."""
    text = "|".join(map(str, [odoo.identity, *places]))
    return odoo.series.split(".")[0] + "_" + hashlib.sha256(text.encode()).hexdigest()[:6]
