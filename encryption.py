"""Secrets at rest: encrypted in the database, with a key that is kept outside it.

The key is `amazon_connector_key` in odoo.conf where an administrator set one (several, separated by commas,
to change it: the first one encrypts, all of them decrypt), else a file in Odoo's data directory that is made
when it is first needed. A copy of the database alone is worth nothing without it.
"""

import contextlib
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from odoo.tools import config

CONFIG_KEY = "amazon_connector_key"
KEY_FILE = "amazon_connector.key"
MARK = "fernet:"  # tells what is encrypted from what is not


class KeyUnusable(Exception):
    """There is no key, or not the one that the secret was encrypted with."""


def encrypt(secret):
    """Encrypt a secret for the database; what is empty or encrypted already is returned as it is.

    :param str secret: the secret, or what this function returned for it
    :raise KeyUnusable: if the key in odoo.conf is not a Fernet key
    """
    if not secret or is_encrypted(secret):
        return secret
    return MARK + _fernet(make_key=True).encrypt(secret.encode()).decode()


def decrypt(value):
    """Give back the secret that `encrypt` was given; what is empty is returned as it is.

    :raise KeyUnusable: if the value was encrypted with another key, or the key is gone
    """
    if not value:
        return value
    try:
        return _fernet().decrypt(value.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        raise KeyUnusable("encrypted with another key") from None


def is_encrypted(value):
    """Whether the value is what `encrypt` returns."""
    return value.startswith(MARK)


def _fernet(make_key=False):
    keys = config.get(CONFIG_KEY) or _read_key_file(make_key)
    try:
        return MultiFernet([Fernet(key.strip()) for key in keys.split(",")])
    except ValueError:
        raise KeyUnusable("not a Fernet key") from None


def _read_key_file(make_key):
    path = Path(config["data_dir"]) / KEY_FILE
    if make_key and not path.exists():
        _make_key_file(path)
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        raise KeyUnusable("no key file") from None


def _make_key_file(path):
    """Write a new key where no other process has done so; readable by Odoo's own user only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:  # made with mode 0600
        draft.write(Fernet.generate_key())
        draft.flush()
        # A link appears complete or not at all, and never replaces another process's key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.name)
