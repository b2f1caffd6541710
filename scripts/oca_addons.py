"""Addons of the Odoo Community Association that tests need, from their packages on PyPI."""

import sys

from console import run, step
from folders import CACHE, LOGS, lock

#: By technical name, the package, and what it needs besides Odoo.
PACKAGES = {"queue_job": ("odoo-addon-queue-job", "openupgradelib", "cssselect")}


def wanted(apps):
    """Those of some apps (a text with commas) that Odoo does not bring itself."""
    return [app for app in apps.split(",") if app in PACKAGES]


def install(odoo, apps):
    """Folder with these addons for an Odoo; they are downloaded where they are missing."""
    folder = CACHE / f"oca-{odoo.series}"
    with lock("oca"):
        for app in wanted(apps):
            if not (folder / "odoo" / "addons" / app).exists():
                # Without its requirements, the first of which is Odoo itself.
                package, *others = PACKAGES[app]
                package = f"{package}=={odoo.series}.*"
                command = [sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-deps"]
                with step(f"Installing {package}"):
                    run(
                        [*command, "--target", str(folder), "--upgrade", package, *others],
                        log=LOGS / "oca.log",
                        why=f"pip could not install {package}.",
                    )
    return folder / "odoo" / "addons"
