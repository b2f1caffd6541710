import logging
import math
import traceback
from collections import Counter, defaultdict
from dataclasses import dataclass

from odoo import api, models

from ..utils import is_transient

_logger = logging.getLogger(__name__)

#: Floats that stand for whole units are seldom exact.
ALMOST_NOTHING = 1e-6
#: What a comparison writes on an offer.
COMPARED_FIELDS = ("stock_quantity", "stock_handling_time", "stock_state", "stock_message")
#: So many products that cannot be compared are set apart at once; a fault that befalls more is gone through bit by bit.
MOST_SET_APART = 50


@dataclass(frozen=True)
class Target:
    """What Amazon should be told of a SKU; `quantity` is None where nothing is to be told. `message` says why."""

    quantity: int | None
    handling_time: int = 0
    message: str | bool = False


#: Of an offer that is not to be synchronized, Amazon is told nothing.
NOT_SENT = Target(None)


class AmazonOfferQuantity(models.Model):
    """How much of each offer Amazon may sell, and whether that differs from what Amazon confirmed."""

    _inherit = "amazon.offer"

    def _compare_stock(self, retry_refused=False):
        """Work out the quantities of these offers, and of those that share a SKU with them; note what is to be sent.

        One read of the stock per warehouse, one of the guard per account, one statement per thousand changed offers.
        What another worker is sending at this moment is left out. A product whose stock cannot be worked out is found
        by halves and kept back, so that the others get on.

        :param bool retry_refused: send again what Amazon refused, although nothing changed
        :return: the products of the offers that were left out
        """
        left_out = self.env["product.product"]
        set_apart = 0
        todo = [self]
        while todo:
            offers = todo.pop()
            try:
                with self.env.cr.savepoint():
                    left_out |= offers._compare_together(retry_refused)
            except Exception as error:  # pylint: disable=broad-except
                if is_transient(error):
                    raise
                products = offers.product_id
                if len(products) <= 1:
                    set_apart += 1
                    left_out |= offers._keep_back(error)
                elif set_apart >= MOST_SET_APART:
                    left_out |= products
                else:
                    first = products[: len(products) // 2]
                    half = offers.filtered(lambda offer, first=first: offer.product_id in first)
                    todo += [offers - half, half]
        return left_out

    def _compare_together(self, retry_refused):
        """Compare these offers in one go.

        :return: the products of the offers that were left out
        """
        offers, left_out = self._lock_skus()
        for account, of_account in offers.grouped("account_id").items():
            of_account._compare_account_stock(account, retry_refused)
        return left_out.product_id

    def _keep_back(self, error):
        """The stock of these offers, of one product, cannot be worked out: say so, and send none of an earlier time.

        The log gets the place of the error, never its words.

        :return: the products of the offers that were left out
        """
        _logger.error(
            "The stock of %s is not compared: %s at:\n%s",
            self.product_id,
            type(error).__name__,
            "".join(traceback.format_tb(error.__traceback__)),
        )
        offers, left_out = self._lock_skus()
        offers._sending_stock().write({"stock_state": "blocked", "stock_message": self._message_not_compared(error)})
        return left_out.product_id

    # --- Which offers ---

    def _lock_skus(self):
        """Lock these offers and those that share a SKU with them.

        :return: the offers that are locked, SKU by SKU, and those of SKUs of which another worker holds an offer
        """
        self.flush_model()
        self.env.cr.execute(
            """
            SELECT other.id
              FROM amazon_offer own
              JOIN amazon_offer other ON other.account_id = own.account_id AND other.sku = own.sku
             WHERE own.id = ANY(%s)
            """,
            [self.ids],
        )
        wanted = {offer_id for (offer_id,) in self.env.cr.fetchall()}
        self.env.cr.execute(
            "SELECT id FROM amazon_offer WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED", [list(wanted)]
        )
        locked = {offer_id for (offer_id,) in self.env.cr.fetchall()}
        offers, held = self.browse(sorted(locked)), self.browse(sorted(wanted - locked))
        if not held:
            return offers, held
        busy = {(offer.account_id.id, offer.sku) for offer in held}
        left_out = offers.filtered(lambda offer: (offer.account_id.id, offer.sku) in busy)
        return offers - left_out, held | left_out

    # --- One account ---

    def _compare_account_stock(self, account, retry_refused):
        guard = self._stock_guard(account, set(self.mapped("sku")))
        sent = self._sending_stock()
        available = sent._read_available(account)
        sent_ids = set(sent.ids)
        rows = []
        for sku, offers in self.grouped("sku").items():
            sending = offers.filtered(lambda offer: offer.id in sent_ids)
            target = sending._stock_target(guard.reason(sku), available) if sending else NOT_SENT
            for offer in offers:
                vals = offer._compared_vals(target if offer in sending else NOT_SENT, retry_refused)
                if vals != tuple(offer[name] for name in COMPARED_FIELDS):
                    rows.append((offer.id, *vals))
        self._store_compared(rows)

    def _stock_target(self, refusal, available):
        """What Amazon should be told of these offers, which share a SKU.

        :param str refusal: why the SKU must get no quantity, if so
        :param dict available: the stock by marketplace and product
        """
        if refusal:
            return Target(None, message=refusal)
        quantities = {}
        for offer in self:
            stock = available[offer.marketplace_id].get(offer.product_id)
            if stock is None:
                return Target(None, message=offer._message_no_stock())
            quantities[offer] = offer._sellable(stock)
        lowest = min(quantities.values())
        handling_time = max(self.mapped("handling_time"))
        return Target(lowest, handling_time, self._message_differing(quantities))

    def _sending_stock(self):
        """Those of these offers whose stock Amazon is told."""
        return self.filtered(
            lambda offer: (
                offer.sync_stock
                and offer.amazon_channel == "fbm"
                and not offer.listing_missing
                and offer.account_id.synchronize_inventory
                and offer.marketplace_id in offer.account_id.active_marketplace_ids
            )
        )

    def _sellable(self, stock):
        """The whole units that Amazon may sell of a stock in the product's unit of measure; never negative."""
        self.ensure_one()
        if self.is_paused or self.account_id.stock_paused:
            return 0
        units = math.floor(stock * self.stock_share / 100 + ALMOST_NOTHING) - self.stock_buffer
        if self.stock_maximum:
            units = min(units, self.stock_maximum)
        return max(units, 0)

    def _compared_vals(self, target, retry_refused):
        """The values of this offer after a comparison, in the order of COMPARED_FIELDS."""
        self.ensure_one()
        if self.listing_missing:
            return (self.stock_quantity, self.stock_handling_time, "refused", self._message_not_listed())
        if target.quantity is None:
            state = "blocked" if target.message else "none"
            return (self.stock_quantity, self.stock_handling_time, state, target.message)
        changed = (self.stock_quantity, self.stock_handling_time) != (target.quantity, target.handling_time)
        state = self._compared_state(target, changed or retry_refused)
        message = self.stock_message if state == "refused" else target.message
        return (target.quantity, target.handling_time, state, message)

    def _compared_state(self, target, retry_refused):
        """What is to be done for a quantity.

        What is in a submission is left to end first. What Amazon refused is tried again with another quantity only.
        """
        if self.feed_id:
            return "sending"
        if self.stock_state == "refused" and not retry_refused:
            return "refused"
        return "done" if self._is_confirmed(target.quantity, target.handling_time) else "pending"

    def _is_confirmed(self, quantity, handling_time):
        """Whether Amazon confirmed this, and nothing else was seen at Amazon since."""
        if not self.confirmed_on or self.confirmed_quantity != quantity:
            return False
        if handling_time not in (0, self.confirmed_handling_time):
            return False
        seen_later = self.listing_seen_on and self.listing_seen_on > self.confirmed_on
        return not seen_later or self.amazon_quantity_seen == quantity

    @api.model
    def _store_compared(self, rows):
        """Write the outcome of a comparison: 50,000 offers would take the ORM minutes."""
        if not rows:
            return
        self.env.cr.execute_values(
            """
            UPDATE amazon_offer AS offer
               SET stock_quantity = new.quantity,
                   stock_handling_time = new.handling_time,
                   stock_state = new.state,
                   stock_message = new.message
              FROM (VALUES %s) AS new (id, quantity, handling_time, state, message)
             WHERE offer.id = new.id
            """,
            [(offer_id, quantity, time, state, message or None) for offer_id, quantity, time, state, message in rows],
            template="(%s::int, %s::int, %s::int, %s, %s::text)",
            page_size=1000,
        )
        self.invalidate_model(list(COMPARED_FIELDS))

    # --- The stock ---

    def _read_available(self, account):
        """The stock of the products of these offers, less what was sold without Odoo having the order yet.

        One read per warehouse.

        :return: by marketplace and product, in the product's unit of measure; without the products whose stock Odoo
            does not keep
        :rtype: dict
        """
        of_marketplaces = self.grouped("marketplace_id")
        warehouses = {marketplace: account._setting(marketplace, "warehouse_id") for marketplace in of_marketplaces}
        product_ids = defaultdict(set)
        for marketplace, offers in of_marketplaces.items():
            product_ids[warehouses[marketplace]].update(offers.product_id.ids)
        sold = self._count_sold_without_order(account)
        stock = {}
        for warehouse, ids in product_ids.items():
            there = account._read_warehouse_stock(warehouse, self.env["product.product"].browse(sorted(ids)))
            stock[warehouse] = {product: quantity - sold[product] for product, quantity in there.items()}
        return {marketplace: stock[warehouse] for marketplace, warehouse in warehouses.items()}

    @api.model
    def _count_sold_without_order(self, account):
        """How many units of each product the account sold in orders that are not in Odoo (yet).

        Where offers with one SKU have several products, it counts for each of them: rather too little is offered.
        """
        units = self.env["amazon.order.update"]._count_units_to_import(account) + account._count_unpaid_units()
        sold = Counter()
        if units:
            offers = self.search([("account_id", "=", account.id), ("sku", "in", list(units))])
            for sku, of_sku in offers.grouped("sku").items():
                sold.update(dict.fromkeys(of_sku.product_id, units[sku]))
        return sold

    # --- Words ---

    def _message_not_compared(self, error):
        return self.env._(
            "An unexpected error (%(type)s) kept the quantity from being worked out, so none is sent. It is tried "
            "again when the stock changes and once a day; Odoo's log says where it happened.",
            type=type(error).__name__,
        )

    def _message_differing(self, quantities):
        """Says that one SKU has several quantities, where it has."""
        if len(set(quantities.values())) == 1:
            return False
        counts = ", ".join(f"{offer.marketplace_id.name} {quantity}" for offer, quantity in quantities.items())
        return self.env._(
            "Amazon keeps one quantity per SKU, but these offers have several: %(counts)s. The lowest is sent. Give "
            "them the same product, warehouse and settings, or different SKUs.",
            counts=counts,
        )

    def _message_no_stock(self):
        if not self.account_id._setting(self.marketplace_id, "warehouse_id"):
            return self.env._(
                "%(account)s has no warehouse. Choose one in the tab Orders Follow-up of the account.",
                account=self.account_id.name,
            )
        return self.env._(
            "Odoo keeps no stock of %(product)s: it is no goods whose inventory is tracked, nor a kit of such goods.",
            product=self.product_id.display_name,
        )

    def _message_not_listed(self):
        return self.env._(
            "Amazon does not list this SKU on %(marketplace)s. Compare its spelling with Seller Central.",
            marketplace=self.marketplace_id.name,
        )
