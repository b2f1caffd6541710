from odoo import models

from ..harmless_texts import harmless_text


class AmazonPlainExport(models.AbstractModel):
    """For models with identifiers and words of Amazon's, which must not become formulas in an exported spreadsheet."""

    _name = "amazon.plain.export"
    _description = "Amazon: export as plain text"

    def _export_rows(self, *args, **options):
        rows = super()._export_rows(*args, **options)
        return [[harmless_text(cell) for cell in row] for row in rows]
