from datetime import timedelta

from odoo import api, fields, models

#: Changes are gathered for so long before their quantities are read and sent.
GATHERING_TIME = timedelta(minutes=1)
#: The job that takes the changes and sends their quantities.
PUSH_JOB = "amazon_connector.ir_cron_push_stock"


class AmazonStockChange(models.Model):
    """The products whose stock changed since their quantities were last compared with Amazon's.

    A change is only ever inserted, once per transaction and product, so that a delivery never waits for a worker that
    talks with Amazon, and never fails for its sake.
    """

    _name = "amazon.stock.change"
    _description = "Amazon Stock Change"
    _log_access = False

    product_id = fields.Many2one("product.product", required=True, ondelete="cascade", index=True)

    # === BUSINESS METHODS ===

    @api.model
    def _note(self, product_ids):
        """Remember that the stock of these products changed; costs nothing until the transaction is committed."""
        if not product_ids:
            return
        noted = self.env.cr.precommit.data.setdefault("amazon_stock_change", set())
        if not noted:
            # sudo: who moves goods needs no right on what is sent to Amazon.
            self.env.cr.precommit.add(self.sudo()._store)
        noted.update(product_ids)

    @api.model
    def _store(self):
        """Write down what was noted in this transaction, in one statement, where an account sends quantities.

        While the job that sends them is switched off, nobody would take the changes away again. When it is switched on,
        all stock counts as changed.
        """
        noted = self.env.cr.precommit.data.pop("amazon_stock_change", None)
        if not noted:
            return
        self.env.cr.execute(
            """
            INSERT INTO amazon_stock_change (product_id)
            SELECT id
              FROM product_product
             WHERE id = ANY(%s)
               AND EXISTS (SELECT 1 FROM ir_cron WHERE id = %s AND active)
               AND EXISTS (SELECT 1 FROM amazon_account WHERE active AND synchronize_inventory AND state != 'draft')
            """,
            [list(noted), self._push_job_id()],
        )
        if self.env.cr.rowcount:
            self._wake_up()

    @api.model
    def _push_job_id(self):
        """The identifier of the job that sends stock, from the cache; False when somebody deleted the job."""
        return self.env["ir.model.data"]._xmlid_to_res_id(PUSH_JOB)

    @api.model
    def _wake_up(self):
        """Have the quantities sent soon, once for all changes until then."""
        # sudo: who moves goods may not plan what runs by itself.
        cron = self.env.ref(PUSH_JOB, raise_if_not_found=False)
        if not cron:
            return
        now = fields.Datetime.now()
        at = now + GATHERING_TIME
        planned = [("cron_id", "=", cron.id), ("call_at", ">", now), ("call_at", "<=", at)]
        if not self.env["ir.cron.trigger"].sudo().search_count(planned, limit=1):
            cron.sudo()._trigger(at=at)

    @api.model
    def _take(self, limit):
        """Remove changes that no other worker is taking.

        :return: the products whose stock changed, with the kits that are made of them
        """
        self.env["amazon.account"].flush_model(["active", "synchronize_inventory", "state"])
        self._store()
        self.env.cr.execute(
            """
            DELETE FROM amazon_stock_change
             WHERE id IN (SELECT id FROM amazon_stock_change ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED)
         RETURNING product_id
            """,
            [limit],
        )
        changed = {product_id for (product_id,) in self.env.cr.fetchall()}
        return self._with_kits(self.env["product.product"].browse(sorted(changed)))

    @api.model
    def _with_kits(self, products):
        """These products and, where Manufacturing is installed, the kits that contain them, at any depth."""
        if "mrp.bom" not in self.env or not products:
            return products
        found = new = products
        while new:
            # sudo: no right on manufacturing is needed to sell a kit.
            lines = self.env["mrp.bom.line"].sudo().search([("product_id", "in", new.ids)])
            boms = lines.bom_id.filtered(lambda bom: bom.type == "phantom")
            kits = boms.product_id | boms.filtered(lambda bom: not bom.product_id).product_tmpl_id.product_variant_ids
            new = kits - found
            found |= new
        return found
