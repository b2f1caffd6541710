from datetime import timedelta

from freezegun import freeze_time

from odoo import fields

from .account_common import SELLER_EU, AccountCase

HARD_SKUS = [
    "A/B",
    "A B",
    "  lead",
    'say "hi"',
    "it's",
    "100%+&?#",
    "émoji-🎁",
    "x" * 40 + "-long",
    "Case",
    "CASE",
    "case",
    "comma,sku",
    "back\\slash",
]


class CatalogueCase(AccountCase):
    """A linked account on Amazon.de whose listings are at the simulated Amazon."""

    def setUp(self):
        super().setUp()
        self.link()
        self.account.active_marketplace_ids = self.germany
        for operation in ("searchListingsItems", "createReport", "getReport", "getReportDocument"):
            self.store.quotas.set_plan(operation, 1000, 1000)

    @property
    def store(self):
        return self.simulator.store

    def list_at_amazon(self, sku, **options):
        return self.store.add_listing(SELLER_EU, sku, **options)

    def list_many(self, count, **options):
        for number in range(count):
            self.list_at_amazon(f"BULK-{number:05}", **options)

    def product(self, reference=False, **values):
        return self.env["product.product"].create(
            {"name": f"Product {reference}", "default_code": reference, "is_storable": True, **values}
        )

    def offer(self, sku, product, marketplace=None, **values):
        return self.env["amazon.offer"].create(
            {
                "account_id": self.account.id,
                "marketplace_id": (marketplace or self.germany).id,
                "sku": sku,
                "product_id": product.id,
                **values,
            }
        )

    def offers(self, sku=None):
        domain = [("account_id", "=", self.account.id)]
        return self.env["amazon.offer"].search(domain + ([("sku", "=", sku)] if sku else []))

    def run_scheduler(self, imports, rounds=30):
        """Run the scheduler whenever an import is due, until all have come to an end."""
        for _round in range(rounds):
            waiting = imports.filtered(lambda record: record.state in ("queued", "running"))
            if not waiting:
                return
            moment = min(record.next_attempt_on or fields.Datetime.now() for record in waiting)
            self.store.clock.advance(60)
            with freeze_time(max(moment, fields.Datetime.now()) + timedelta(seconds=1)):
                imports._cron_run()
        self.fail(f"Still going on: {imports.mapped('message')}")

    def import_offers(self):
        """Import all that is listed; the imports."""
        self.account.action_import_offers()
        imports = self.account.catalogue_import_ids
        self.run_scheduler(imports)
        return imports

    def listings(self, **values):
        domain = [("account_id", "=", self.account.id), *((name, "=", value) for name, value in values.items())]
        return self.env["amazon.listing"].search(domain)

    def listing(self, sku, marketplace=None):
        found = self.listings(sku=sku, marketplace_id=(marketplace or self.germany).id)
        self.assertEqual(len(found), 1)
        return found

    def ask_for_report(self):
        self.account.action_import_offers()
        imports = self.account.catalogue_import_ids
        imports.write({"step": "ask_report"})
        self.run_scheduler(imports)
        return imports
