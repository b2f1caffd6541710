"""Secrets at rest: encrypted in the database, with a key that is kept outside it.

The key is `amazon_connector_key` in odoo.conf where an administrator set one, else a file in Odoo's data directory
that is made when it is first needed. A copy of the database alone is worth nothing without it. Both may hold several
keys, separated by commas, while the key is changed: the first one encrypts, all of them decrypt. What is no key, such
as one with a letter missing, decrypts nothing and keeps nothing from the others.
"""

import contextlib
import os
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
    """Encrypt a secret for the database; what is empty is returned as it is.

    What is encrypted already is encrypted once more: somebody who has read it in a dump cannot use it by entering it.

    :raise KeyUnusable: if the first key is not a Fernet key, or no key file can be made
    """
    if not secret:
        return secret
    return MARK + _first_fernet(make_key=True).encrypt(secret.encode()).decode()


def decrypt(value):
    """Give back the secret that `encrypt` was given; what is empty is returned as it is.

    :raise KeyUnusable: if the value was encrypted with another key, or the key is gone
    """
    if not value:
        return value
    try:
        return _all_fernets().decrypt(value.removeprefix(MARK).encode()).decode()
    except InvalidToken:
        raise KeyUnusable("encrypted with another key") from None


def reencrypt(value):
    """The same secret, encrypted with the first key; a value that is so already is returned as it is.

    :raise KeyUnusable: if none of the keys decrypts it, or the first one is not a Fernet key
    """
    return value if is_current(value) else MARK + _first_fernet().encrypt(decrypt(value).encode()).decode()


def is_current(value):
    """Whether the first key alone decrypts the value: the other keys can go as far as this one is concerned."""
    try:
        return _decrypts(_first_fernet(), value)
    except KeyUnusable:
        return False


def is_readable(value):
    """Whether one of the keys decrypts the value."""
    try:
        return _decrypts(_all_fernets(), value)
    except KeyUnusable:
        return False


def key_count():
    """How many keys there are at present; 0 before the first secret is stored."""
    try:
        return len(_keys())
    except KeyUnusable:
        return 0


def unusable_keys():
    """Which of the keys are none, such as those with a letter missing; counted from 1."""
    try:
        return [number for number, key in enumerate(_keys(), start=1) if not _is_key(key)]
    except KeyUnusable:
        return []


def is_key_in_configuration():
    """Whether the key stands in odoo.conf, which Odoo itself does not change."""
    return bool(config.get(CONFIG_KEY))


def add_key_to_file():
    """Put a new key before those in the key file: from now on it encrypts, and the old ones still decrypt."""
    keys = _keys(make_key=True)
    _replace_key_file([Fernet.generate_key().decode(), *keys])


def forget_old_keys():
    """Keep only the first key in the key file. What only another one decrypts is lost: look at `is_current` first.

    :raise KeyUnusable: if the first one is not a Fernet key
    """
    _first_fernet()
    _replace_key_file(_keys()[:1])


# === KEYS === #


def _first_fernet(make_key=False):
    return _fernet_of(_keys(make_key)[0])


def _all_fernets():
    usable = [Fernet(key) for key in _keys() if _is_key(key)]
    if not usable:
        raise KeyUnusable("not a Fernet key")
    return MultiFernet(usable)


def _fernet_of(key):
    try:
        return Fernet(key)
    except ValueError:
        raise KeyUnusable("not a Fernet key") from None


def _is_key(key):
    try:
        return bool(_fernet_of(key))
    except KeyUnusable:
        return False


def _decrypts(fernet, value):
    try:
        fernet.decrypt(value.removeprefix(MARK).encode())
    except InvalidToken:
        return False
    return True


def _keys(make_key=False):
    text = config.get(CONFIG_KEY) or _read_key_file(make_key)
    keys = [key for key in (part.strip() for part in text.split(",")) if key]
    if not keys:
        raise KeyUnusable("no key")
    return keys


def _key_path():
    return Path(config["data_dir"]) / KEY_FILE


def _read_key_file(make_key):
    path = _key_path()
    try:
        if make_key and not path.exists():
            _make_key_file(path)
        return path.read_text()
    except FileNotFoundError:
        raise KeyUnusable("no key file") from None
    except (OSError, UnicodeDecodeError):
        raise KeyUnusable("the key file cannot be read or made") from None


def _make_key_file(path):
    """Write a new key where no other process has done so; readable by Odoo's own user only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent) as draft:  # made with mode 0600
        draft.write(Fernet.generate_key())
        draft.flush()
        # A link appears complete or not at all, and never replaces another process's key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft.name)


def _replace_key_file(keys):
    """Exchange the key file in one step, so that other processes read the old one or the new one."""
    path = _key_path()
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as draft:
        draft.write(",".join(keys).encode())
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)
