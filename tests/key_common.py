import tempfile
from pathlib import Path
from unittest.mock import patch

from odoo.tools import config


class KeyFolderMixin:
    """A data folder of the test's own, in which there is no key yet."""

    def use_own_key_folder(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.set_config(data_dir=folder.name, amazon_connector_key="")

    def set_config(self, **options):
        patcher = patch.dict(config.options, options)
        patcher.start()
        self.addCleanup(patcher.stop)
