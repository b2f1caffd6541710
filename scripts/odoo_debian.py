"""Odoo from Debian unstable, unpacked into the cache without touching the system.

apt downloads it through the Debian mirror that the machine is configured with, but with lists, cache and
state of its own; nothing is installed.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from console import Failure, run, step
from folders import CACHE, LOGS, require_space

PREFIX = CACHE / "odoo-debian"
PYTHON_PATH = PREFIX / "usr" / "lib" / "python3" / "dist-packages"
APT = CACHE / "apt"
SUITE = "sid"
# The web client's icons are those of Font Awesome 4, which unstable no longer has.
FONTS_SUITE = "trixie"
LIBRARIES = (
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    f"fonts-font-awesome/{FONTS_SUITE}",
)
# Debian leaves this file out (it blurs the background of a video call), and the web client complains of it.
LEFT_OUT = "odoo/addons/mail/static/lib/selfie_segmentation/selfie_segmentation.js"
MEGABYTES = 2000


def install():
    """Path of the unpacked Odoo; downloads it first where it is missing.

    Raises Failure where apt, its mirror or the network is missing.
    """
    if not (PREFIX / "complete").exists():
        if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
            raise Failure(
                "Odoo cannot be had: GitHub does not answer and this is not a Debian system."
                " Set ODOO_SRC to an Odoo tree."
            )
        require_space(CACHE, MEGABYTES)
        options = configure()
        with step("Downloading Odoo from Debian unstable (about 130 MB)"):
            packages = download(options)
        with step("Unpacking Odoo"):
            unpack(packages)
        shutil.rmtree(APT)
    return PYTHON_PATH


def configure():
    """Make the private apt folder; the options that make apt use it and nothing else."""
    mirror, signed_by = debian_mirror()
    shutil.rmtree(APT, ignore_errors=True)
    for folder in ("lists/partial", "archives/partial", "packages"):
        (APT / folder).mkdir(parents=True)
    (APT / "status").touch()
    source = ["Types: deb", f"URIs: {mirror}", f"Suites: {SUITE} {FONTS_SUITE}", "Components: main"]
    source += [f"Signed-By: {signed_by}"] if signed_by else []
    (APT / "debian.sources").write_text("\n".join(source) + "\n")
    settings = {
        "Dir::Etc::SourceList": APT / "debian.sources",
        "Dir::Etc::SourceParts": "-",
        "Dir::State": APT,
        "Dir::State::Status": APT / "status",
        "Dir::Cache": APT,
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "APT::Default-Release": SUITE,
    }
    if os.geteuid() == 0:
        settings["APT::Sandbox::User"] = "root"
    return [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]


def debian_mirror():
    """(address, keyring) of the Debian mirror that the machine's own apt is configured with."""
    etc = Path("/etc/apt")
    for path in [etc / "sources.list", *sorted((etc / "sources.list.d").glob("*"))]:
        if path.suffix in (".list", ".sources") and path.is_file():
            text = path.read_text(errors="replace")
            found = re.search(r"^(?:URIs:|deb\s)(?:.*\s)?(\S+://\S*/debian/?)(?=\s|$)", text, re.MULTILINE)
            if found:
                keyring = re.search(r"signed-by\s*[:=]\s*(/[^\s\]]+)", text, re.IGNORECASE)
                return found[1], keyring and keyring[1]
    raise Failure(
        "Odoo cannot be had: GitHub does not answer and no Debian mirror is configured in /etc/apt."
        " Set ODOO_SRC to an Odoo tree."
    )


def download(options):
    """Download Odoo's package and the libraries it links to; their files."""
    why = "Debian's mirror did not give Odoo's package; is the network reachable?"
    run(["apt-get", *options, "update"], log=LOGS / "apt-update.log", why=why)
    names = [newest_odoo(options), *LIBRARIES]
    folder = APT / "packages"
    run(["apt-get", *options, "download", *names], log=LOGS / "apt-download.log", why=why, cwd=folder)
    return sorted(folder.glob("*.deb"))


def newest_odoo(options):
    """Name of the newest package of Odoo, such as odoo-19."""
    command = ["apt-cache", *options, "search", "--names-only", "^odoo-[0-9]+$"]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    series = sorted(int(number) for number in re.findall(r"^odoo-(\d+) ", found, re.MULTILINE))
    if not series:
        raise Failure("Debian unstable has no package of Odoo now; set ODOO_SRC to an Odoo tree.")
    return f"odoo-{series[-1]}"


def unpack(packages):
    """Unpack the packages into one folder; the links between them are relative and stay within it."""
    part = PREFIX.with_suffix(".part")
    for folder in (part, PREFIX):
        shutil.rmtree(folder, ignore_errors=True)
    for package in packages:
        run(["dpkg-deb", "-x", str(package), str(part)], log=LOGS / "dpkg.log", why=f"{package.name} is broken.")
    left_out = part / PYTHON_PATH.relative_to(PREFIX) / LEFT_OUT
    left_out.parent.mkdir(parents=True, exist_ok=True)
    left_out.touch()
    (part / "complete").touch()
    part.rename(PREFIX)
