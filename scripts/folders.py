"""Where things are kept: a cache folder of the user, and an ignored folder of the checkout."""

import fcntl
import os
import shutil
from contextlib import contextmanager
from pathlib import Path

from console import Failure

ADDON = "amazon_connector"
REPOSITORY = Path(__file__).resolve().parent.parent
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "amazon-connector"
WORK = REPOSITORY / ".work"
ADDONS = WORK / "addons"
LOGS = WORK / "logs"
DATABASES = WORK / "databases"
ODOO_DATA = CACHE / "odoo-data"

NOT_PART_OF_THE_ADDON = {".git", ".work", ".ci", ".pytest_cache", ".ruff_cache", "__pycache__"}


def prepare(megabytes_needed=200):
    """Make the folders; say so when they cannot be made or the disk is full."""
    for folder in (CACHE, ADDONS, LOGS, DATABASES, ODOO_DATA):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failure(f"Cannot make the folder {folder}: {error.strerror}.") from error
    require_space(CACHE, megabytes_needed)


def require_space(folder, megabytes):
    """Raise Failure unless the disk of `folder` has that much space left."""
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise Failure(f"Not enough space in {folder}: {megabytes} MB are needed, {free} MB are free.")


@contextmanager
def lock(name):
    """Let one process at a time set something up in the cache."""
    with (CACHE / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def link_addon():
    """Fill the addons folder: `amazon_connector/` with one link per top-level entry of the repository.

    Odoo wants a folder with the addon's technical name, whatever the checkout is called, and a test
    collector that starts there must not walk into this very folder again.
    """
    folder = ADDONS / ADDON
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {entry.name for entry in REPOSITORY.iterdir()} - NOT_PART_OF_THE_ADDON
    for link in folder.iterdir():
        if link.name not in wanted and link.is_symlink():
            link.unlink(missing_ok=True)
    for name in wanted:
        link = folder / name
        if not link.is_symlink():
            try:
                link.symlink_to(Path("../../..") / name)
            except FileExistsError:
                pass  # another run of the same checkout was quicker
    return folder
