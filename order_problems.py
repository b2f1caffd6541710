"""Why an Amazon order does not become a sales order: stable codes, and words for a salesperson.

Each code has a remedy here and a paragraph in doc/order-updates.md.
"""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)


class OrderProblem(Exception):
    """The order needs a person: it stays in the inbox as failed, with this code and message."""

    def __init__(self, code, message):
        super().__init__(code)
        self.code = code
        self.message = message


class OrderIgnored(OrderProblem):
    """The order is rightly not imported: it stays in the inbox as ignored, with this code and message."""


#: What to do about an order, by code.
REMEDIES = {
    "ambiguous_reference": _lt(
        "Give the Internal Reference to one product only, or make an offer that pairs the SKU with a product. "
        "Then retry."
    ),
    "amounts": _lt(
        "Check the taxes of the products and the fiscal position of the country, then retry. If Odoo is right, use "
        "Import Anyway: the total is Amazon's either way."
    ),
    "cancelled": _lt("There is nothing to do."),
    "channel": _lt("Recover the order a little later: Amazon then says who ships it."),
    "currency": _lt("Create the currency in the Accounting or Invoicing settings, then retry."),
    "data_deleted": _lt(
        "To have the order all the same, use Recover Order on the account; link the account before, if it no longer is."
    ),
    "deleted": _lt("Nothing to do. To have the order again, use Recover Order on the account."),
    "marketplace": _lt(
        "To take the orders of this marketplace, add it on the Marketplaces tab of the account, then retry."
    ),
    "no_fba_location": _lt(
        "Choose the Stock Location on the Orders Follow-up tab of the account, then retry. If the field is not there, "
        "activate Storage Locations in Inventory ‣ Configuration ‣ Settings first."
    ),
    "no_warehouse": _lt("Create a warehouse of this company in Inventory ‣ Configuration ‣ Warehouses, then retry."),
    "non_amazon": _lt(
        "Nothing to do: orders from outside Amazon that Amazon only ships are not sales of this account."
    ),
    "not_shipped": _lt("Nothing to do: the order comes in by itself once Amazon has shipped it."),
    "other_account": _lt(
        "The account that brought the order in is one of another company or another seller: only its own account keeps "
        "it up to date. See in Seller Central what became of it, and change the sales order by hand."
    ),
    "pending": _lt("Nothing to do: the order comes in by itself once it is paid."),
    "refused": _lt("Mend what Odoo complains about, then retry."),
    "status": _lt(
        "Recover the order later. If the status stays unknown, tell the administrator: a newer version may know it."
    ),
    "too_old": _lt(
        "To have it all the same, use Recover Order on the account, or set Orders From on the account back."
    ),
    "unexpected": _lt("Retry. If it comes again, give the administrator the number of this update."),
    "unfulfillable": _lt("Look the order up in Seller Central; Amazon cannot have it delivered."),
    "unreadable": _lt("Recover the order: what Amazon sends then may be complete. Otherwise tell the administrator."),
}
