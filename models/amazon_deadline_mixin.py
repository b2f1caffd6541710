from odoo import api, fields, models
from odoo.tools.misc import format_date, format_time

from ..time_zones import end_of_day, local_time

DEADLINES = [("late", "Late"), ("today", "Due Today"), ("later", "Later")]


class AmazonDeadlineMixin(models.AbstractModel):
    """What has to leave by the time that Amazon set: shown in the marketplace's time, and found when it is late.

    The models have `amazon_ship_by`, `amazon_deliver_by` and `amazon_marketplace_id`.
    """

    _name = "amazon.deadline.mixin"
    _description = "Amazon Deadline"

    amazon_deadline = fields.Selection(
        DEADLINES,
        compute="_compute_amazon_deadline",
        search="_search_amazon_deadline",
        help="Late: Amazon expected the parcel before now. Due Today: it has to leave before midnight, on the "
        "marketplace's clocks. What has left counts until Amazon can be told of it. Empty: nothing waits to be "
        "shipped or told.",
    )
    amazon_ship_by_local = fields.Char("Ship By at Amazon", compute="_compute_amazon_local_times")
    amazon_deliver_by_local = fields.Char("Deliver By at Amazon", compute="_compute_amazon_local_times")

    # === COMPUTE METHODS ===

    @api.depends(lambda self: self._amazon_deadline_depends())
    def _compute_amazon_deadline(self):
        now = fields.Datetime.now()
        for record in self:
            deadline = record.amazon_ship_by
            if not deadline or not record._is_waiting_for_amazon():
                record.amazon_deadline = False
            elif deadline < now:
                record.amazon_deadline = "late"
            else:
                midnight = end_of_day(now, record.amazon_marketplace_id.tz)
                record.amazon_deadline = "today" if deadline < midnight else "later"

    @api.model
    def _search_amazon_deadline(self, operator, value):
        """Records by their deadline, as of now."""
        values = set(value) if operator in ("in", "not in") else {value}
        found = self.browse()._search(self._amazon_deadline_domain(values - {False}))
        wanted = operator in ("in", "=")
        if False in values:
            # All that have no deadline, or one of the others.
            others = {"late", "today", "later"} - values
            found, wanted = self.browse()._search(self._amazon_deadline_domain(others)), not wanted
        return [("id", "in" if wanted else "not in", found)]

    @api.depends(lambda self: self._amazon_deadline_depends())
    @api.depends_context("lang")
    def _compute_amazon_local_times(self):
        for record in self:
            record.amazon_ship_by_local = record._amazon_local_time(record.amazon_ship_by)
            record.amazon_deliver_by_local = record._amazon_local_time(record.amazon_deliver_by)

    # === HOOKS ===

    def _amazon_deadline_depends(self):
        """Hook: the fields that a deadline hangs on."""
        return ()

    def _is_waiting_for_amazon(self):
        """Hook: whether something of this record has yet to be shipped, or has left and Amazon cannot be told."""
        return False

    @api.model
    def _waiting_for_amazon_domain(self):
        """Hook: the domain of the records that wait, as `_is_waiting_for_amazon` says, and the path to the order.

        :return: a domain, and the prefix of the order's fields
        :rtype: tuple
        """
        return [(0, "=", 1)], ""

    # === BUSINESS METHODS ===

    @api.model
    def _amazon_deadline_domain(self, values):
        """The domain of the records with one of these deadlines."""
        waiting, path = self._waiting_for_amazon_domain()
        now = fields.Datetime.now()
        ship_by = f"{path}amazon_ship_by"
        times = []
        if "late" in values:
            times.append([(ship_by, "<", now)])
        for midnight, marketplaces in self._midnights(now).items() if values & {"today", "later"} else ():
            there = (f"{path}amazon_marketplace_id", "in", marketplaces.ids)
            if "today" in values:
                times.append([there, (ship_by, ">=", now), (ship_by, "<", midnight)])
            if "later" in values:
                times.append([there, (ship_by, ">=", max(now, midnight))])
        if not times:
            return [(0, "=", 1)]
        alternatives = [condition for conditions in times for condition in ["&"] * (len(conditions) - 1) + conditions]
        return [*waiting, *["|"] * (len(times) - 1), *alternatives]

    @api.model
    def _midnights(self, now):
        """The marketplaces by the midnight that ends their day."""
        marketplaces = self.env["amazon.marketplace"].search([])
        return marketplaces.grouped(lambda marketplace: end_of_day(now, marketplace.tz))

    def _amazon_local_time(self, moment):
        """A moment on the marketplace's clocks, in words."""
        self.ensure_one()
        marketplace = self.amazon_marketplace_id
        if not moment or not marketplace:
            return False
        there = local_time(moment, marketplace.tz)
        return self.env._(
            "%(date)s, %(time)s %(zone)s (%(marketplace)s)",
            date=format_date(self.env, there.date()),
            time=format_time(self.env, there.time(), time_format="short"),
            zone=there.tzname(),
            marketplace=marketplace.name,
        )
