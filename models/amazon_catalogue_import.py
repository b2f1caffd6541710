from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import compat

STATES = [
    ("queued", "In Line"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
]
#: What an import does at Amazon, one after the other; most need the first one only.
STEPS = [
    ("search", "Reading the listings"),
    ("ask_report", "Asking Amazon for a report of all listings"),
    ("wait_report", "Amazon writes the report"),
    ("read_report", "Reading the report"),
]
ACTIVE_STATES = ("queued", "running")


class AmazonCatalogueImport(models.Model):
    """The import of what a seller lists on one marketplace: where it stands, and what came in.

    There is one for each marketplace of an account; a new run brings its listings (`amazon.listing`) up to date.
    `amazon_catalogue_import_run.py` talks to Amazon. Offers are only made of listings that a person accepts.
    """

    _name = "amazon.catalogue.import"
    _inherit = ["amazon.readonly.mixin"]
    _description = "Amazon Offer Import"
    _order = "account_id, marketplace_id"
    _check_company_auto = True

    account_id = fields.Many2one("amazon.account", required=True, readonly=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    marketplace_id = fields.Many2one("amazon.marketplace", required=True, readonly=True, ondelete="cascade")
    state = fields.Selection(STATES, "Status", default="queued", required=True, readonly=True, index=True)
    step = fields.Selection(STEPS, "Current Step", default="search", readonly=True)
    message = fields.Text(readonly=True, help="What happened, and what to do.")
    started_on = fields.Datetime(readonly=True)
    finished_on = fields.Datetime("Last Complete Import", readonly=True)
    next_attempt_on = fields.Datetime("Goes On", readonly=True, help="When the import goes on by itself.")

    # The cursor: with it, another worker goes on where one was stopped.
    run = fields.Integer(readonly=True, help="Counts the runs. Listings that the last one did not see are gone.")
    attempts = fields.Integer(readonly=True)
    page_token = fields.Char(readonly=True, groups="base.group_system")
    pages_read = fields.Integer(readonly=True)
    report_ref = fields.Char("Report", readonly=True, help="Amazon's number of the report.")
    report_asked_on = fields.Datetime(readonly=True)
    report_checks = fields.Integer(readonly=True)
    document_ref = fields.Char(readonly=True, groups="base.group_system")

    # Progress
    expected_count = fields.Integer("Expected", readonly=True, help="How many listings there are, as Amazon says.")
    found_count = fields.Integer("Found", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    listing_ids = fields.One2many("amazon.listing", "import_id", readonly=True)
    offer_count = fields.Integer("With an Offer", compute="_compute_match_counts")
    matched_count = fields.Integer("Matched", compute="_compute_match_counts")
    proposal_count = fields.Integer("Proposals", compute="_compute_match_counts")
    unmatched_count = fields.Integer("Unmatched", compute="_compute_match_counts")

    _account_marketplace_unique = compat.Constraint(
        "UNIQUE(account_id, marketplace_id)", "There is already an import for this marketplace of the account."
    )

    # === COMPUTE METHODS ===

    @api.depends("account_id.name", "marketplace_id.name")
    def _compute_display_name(self):
        for record in self:
            record.display_name = f"{record.account_id.name} – {record.marketplace_id.name}"

    @api.depends("found_count", "expected_count", "state")
    def _compute_progress(self):
        for record in self:
            expected = max(record.expected_count, record.found_count)
            if record.state == "done":
                record.progress = 100
            else:
                record.progress = 100 * record.found_count / expected if expected else 0

    def _compute_match_counts(self):
        groups = self.env["amazon.listing"]._read_group(
            [("import_id", "in", self.ids)], ["import_id", "match"], ["__count"]
        )
        counts = {(record, match): count for record, match, count in groups}
        for record in self:
            for match in ("offer", "matched", "proposal", "unmatched"):
                record[f"{match}_count"] = counts.get((record, match), 0)

    # === ACTIONS ===

    def action_start(self):
        """Import again from the start; listings that are in stay until Amazon no longer lists them."""
        self.check_access("write")
        self.account_id._check_linked()
        self._start()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_continue(self):
        """Go on now, in this request, instead of when the scheduler comes by."""
        self.check_access("write")
        # sudo: sales administrators do not see the cursor.
        for record in self.sudo().filtered(lambda record: record.state in ACTIVE_STATES):
            record._run()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_cancel(self):
        """Stop an import that is under way; what is in stays."""
        self.check_access("write")
        # sudo: the state of an import is only the connector's.
        for record in self.sudo().filtered(lambda record: record.state in ACTIVE_STATES):
            record._fail(self.env._("Stopped by %(user)s.", user=self.env.user.name))
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_review(self):
        """The listings, grouped by what was found for them."""
        action = self.env["ir.actions.act_window"]._for_xml_id("amazon_connector.amazon_listing_action")
        match = self.env.context.get("amazon_match")
        context = {"search_default_group_by_match": 1}
        if match:
            context = {f"search_default_{match}": 1}
        return {**action, "domain": [("import_id", "in", self.ids)], "context": context}

    def action_accept_matched(self):
        """Make offers of all listings that a product was found for. Proposals are not among them.

        :return: a notification that counts the offers
        :raise UserError: no listing waits to be accepted
        """
        self.check_access("read")
        matched = self.env["amazon.listing"].search([("import_id", "in", self.ids), ("match", "=", "matched")])
        if not matched:
            raise UserError(
                self.env._("No listing is matched with a product and without an offer. Review the listings first.")
            )
        return matched.action_accept()

    # === BUSINESS METHODS ===

    @api.model
    def _queue(self, account, marketplaces):
        """Put the marketplaces of an account in line; an import that is under way goes on as it is.

        :return: their imports
        """
        imports = self.search([("account_id", "=", account.id), ("marketplace_id", "in", marketplaces.ids)])
        imports.filtered(lambda record: record.state not in ACTIVE_STATES)._start()
        new = imports.create(
            [
                {"account_id": account.id, "marketplace_id": marketplace.id}
                for marketplace in marketplaces - imports.marketplace_id
            ]
        )
        new._start()
        return imports | new

    def _start(self):
        # sudo: sales administrators do not see the cursor.
        for record in self.sudo():
            record.write(
                {
                    "state": "queued",
                    "run": record.run + 1,
                    "started_on": fields.Datetime.now(),
                    "expected_count": 0,
                    "attempts": 0,
                    "message": False,
                    "next_attempt_on": False,
                    "report_ref": False,
                    "document_ref": False,
                    **record._prepare_first_page(),
                }
            )
        self._trigger_cron()

    def _prepare_first_page(self):
        return {"step": "search", "page_token": False, "pages_read": 0, "found_count": 0}

    def _fail(self, message):
        self.write({"state": "failed", "message": message, "next_attempt_on": False})

    def _trigger_cron(self, at=None):
        # sudo: whoever may start an import may have it go on.
        self.env.ref("amazon_connector.ir_cron_import_offers").sudo()._trigger(at)
