"""What an Odoo process of these tests does; each function is the job of one process."""

import time
from datetime import datetime

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config

from odoo.addons.amazon_connector.simulator import APPLICATION_ID, CLIENT_ID, CLIENT_SECRET

# A tour of the scheduler does each ready job once; what triggers itself anew comes in the next tour.
TOURS = 30
MODULE = "amazon_connector"


def crons(database, small_steps=True):
    """Work as one of Odoo's cron workers until no job is ready."""
    if small_steps:
        take_small_steps()
    ir_cron = Registry(database)["ir.cron"]
    for _tour in range(TOURS):
        ir_cron._process_jobs(database)
        with sql_db.db_connect(database).cursor() as cr:
            if not ir_cron._get_all_ready_jobs(cr):
                return


def serve(database, port):
    """Serve HTTP, as Odoo does when started with its defaults."""
    config["http_port"] = port
    config["http_enable"] = True
    server.start(preload=[], stop=False)


def act(database, name, arguments=None):
    """Do one of the things that users do, below, in one transaction."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, SUPERUSER_ID, {})
        result = globals()[name](env, **(arguments or {}))
        env.flush_all()
    return result


def take_small_steps():
    """Small pages and batches: a few orders then have as many borders as thousands."""
    from odoo.addons.amazon_connector.models import (
        amazon_account_orders_window,
        amazon_account_stock,
        amazon_order_update_workers,
    )

    amazon_order_update_workers.BATCH_SIZE = 5
    amazon_account_stock.PATCH_LIMIT = 4
    prepare = amazon_account_orders_window.AmazonAccountOrdersWindow._prepare_orders_query

    def prepare_small_pages(self):
        return {**prepare(self), "maxResultsPerPage": 7}

    amazon_account_orders_window.AmazonAccountOrdersWindow._prepare_orders_query = prepare_small_pages


# --- what users do ---


def set_up(env, amazon_url, sellers, products):
    """Switch Amazon Sync on, and link an account for each seller; nothing else runs by itself."""
    env["ir.cron"].search([]).write({"active": False})
    env.company.write({"country_id": env.ref("base.de").id, "currency_id": env.ref("base.EUR").id})
    env["ir.config_parameter"].set_param("amazon_connector.simulator_url", amazon_url)
    env["res.config.settings"].create(
        {
            "group_amazon_sync": True,
            "amazon_application_id": APPLICATION_ID,
            "amazon_lwa_client_id": CLIENT_ID,
            "amazon_lwa_client_secret": CLIENT_SECRET,
        }
    ).execute()
    groups = "group_ids" if "group_ids" in env["res.users"]._fields else "groups_id"
    administrators = env.ref("amazon_connector.group_amazon_administrator")
    env.ref("base.user_admin").write({groups: [(4, administrators.id)]})
    for product in products:
        create_product(env, **product)
    create_carrier(env)
    return [create_account(env, **seller) for seller in sellers]


def create_account(env, name, home, seller_key=None, refresh_token=None, **values):
    """An account, linked as a user does who pastes a refresh token."""
    marketplace = env["amazon.marketplace"].search([("api_ref", "=", home)])
    account = env["amazon.account"].create(
        {"name": name, "environment": "simulator", "base_marketplace_id": marketplace.id, **values}
    )
    if refresh_token:
        wizard = env["amazon.refresh.token"].create(
            {"account_id": account.id, "seller_key": seller_key, "refresh_token": refresh_token}
        )
        wizard.action_link()
        account.orders_from = datetime(2020, 1, 1)
    return account.id


def create_product(env, reference, stock=0, tracking="none"):
    """A product with stock in the company's warehouse."""
    product = env["product.product"].create(
        {"name": reference, "default_code": reference, "is_storable": True, "tracking": tracking}
    )
    set_stock(env, reference, stock)
    return product.id


def create_carrier(env):
    """A delivery method whose parcels Amazon can be told of."""
    service = env["product.product"].create({"name": "DHL", "type": "service"})
    carrier = env["amazon.carrier"].search([("code", "=", "DHL")], limit=1)
    env["delivery.carrier"].create({"name": "DHL", "product_id": service.id, "amazon_carrier_id": carrier.id})


def deliver(env):
    """Ship every Amazon delivery whose goods are all there; how many."""
    carrier = env["delivery.carrier"].search([("name", "=", "DHL")], limit=1)
    ready = env["stock.picking"].search([("state", "=", "assigned"), ("amazon_order_ref", "!=", False)])
    ready = ready.sorted("amazon_order_ref")
    for picking in ready:
        picking.write({"carrier_id": carrier.id, "carrier_tracking_ref": f"JD{picking.amazon_order_ref}"})
        picking.with_context(skip_amazon_warning=True, skip_backorder=True, skip_sms=True).button_validate()
    return ready.mapped("state")


def switch_stock_on(env):
    """FBM Stock Synchronization of the accounts that are linked."""
    env["amazon.account"].search([("state", "=", "linked")]).write({"synchronize_inventory": True})


def retry(env):
    """Press the retry buttons of everything that failed."""
    env["amazon.order.update"].search([("state", "=", "failed")]).action_retry()
    env["amazon.shipment"].search([("state", "=", "error")]).action_retry()
    accounts = env["amazon.account"].search([("state", "=", "linked"), ("synchronize_inventory", "=", True)])
    accounts.action_sync_inventory()


def merge_quants(env):
    """What Odoo's scheduler does each night with the quants that several workers left."""
    env["stock.quant"]._quant_tasks()


def set_stock(env, reference, stock):
    """Count the stock of a product."""
    product = env["product.product"].search([("default_code", "=", reference)])
    location = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1).lot_stock_id
    if stock and product.tracking == "none":
        quants = env["stock.quant"].with_context(inventory_mode=True)
        quants.create(
            {"product_id": product.id, "location_id": location.id, "inventory_quantity": stock}
        ).action_apply_inventory()


# --- parts of the work, to be done by several processes at once ---


def fetch_orders(env):
    """Bring Amazon's orders into the inbox, and leave them there."""
    take_small_steps()
    for account in env["amazon.account"].search([("state", "=", "linked")]):
        account._fetch_orders()


def apply_updates(env):
    """Work through the inbox as one of several workers; how many batches were taken."""
    take_small_steps()
    updates = env["amazon.order.update"]
    batches = []
    apply = type(updates)._apply

    def counted_apply(self, *arguments, **options):
        batches.append(len(self))
        return apply(self, *arguments, **options)

    type(updates)._apply = counted_apply
    updates._apply_pending(everything=True)
    return len(batches)


def ask_for_an_order_again_and_again(env, ref, seconds):
    """Call Amazon as often as the quotas allow."""
    from odoo.addons.amazon_connector.spapi.errors import Throttled

    account = env["amazon.account"].search([("name", "=", "Europe")])
    ends = time.monotonic() + seconds
    with account._gateway() as gateway:
        while time.monotonic() < ends:
            try:
                gateway.get_order(ref)
            except Throttled:
                time.sleep(0.1)
