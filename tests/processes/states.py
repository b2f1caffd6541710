"""What is in Odoo's database, comparable between databases: no ids, no times, nothing that says how it came about."""

import contextlib

import psycopg2

QUERIES = {
    "accounts": """
        SELECT a.name, a.state, a.seller_key, a.orders_page_token IS NULL, a.last_orders_sync IS NULL,
               a.refresh_token IS NULL,
               (SELECT count(*) FROM amazon_account_available_marketplace_rel r WHERE r.amazon_account_id = a.id)
          FROM amazon_account a
    """,
    "inbox": "SELECT amazon_order_ref, state, error_code, payload IS NULL FROM amazon_order_update",
    "orders": """
        SELECT o.amazon_order_ref, o.state, o.locked, o.amazon_channel, o.amount_total, o.amount_tax, o.amazon_total,
               o.amazon_review, o.amazon_cancellation_requested, c.name AS currency,
               p.name, p.amazon_email, d.name, d.street, d.zip
          FROM sale_order o
          JOIN res_currency c ON c.id = o.currency_id
          JOIN res_partner p ON p.id = o.partner_id
          JOIN res_partner d ON d.id = o.partner_shipping_id
    """,
    "lines": """
        SELECT o.amazon_order_ref, l.amazon_item_ref, l.amazon_kind, p.default_code, l.product_uom_qty,
               l.qty_delivered, l.price_unit, l.price_total, l.display_type
          FROM sale_order_line l
          JOIN sale_order o ON o.id = l.order_id
          LEFT JOIN product_product p ON p.id = l.product_id
    """,
    "deliveries": """
        SELECT o.amazon_order_ref, k.state, k.amazon_sync_status, k.carrier_tracking_ref,
               k.backorder_id IS NOT NULL,
               (SELECT sum(m.product_uom_qty) FROM stock_move m WHERE m.picking_id = k.id AND m.state != 'cancel')
          FROM stock_picking k
          JOIN sale_order o ON o.id = k.sale_id
    """,
    "moves": """
        SELECT o.amazon_order_ref, p.default_code, m.product_uom_qty, m.quantity, m.state,
               f.complete_name, t.complete_name, m.picking_id IS NULL
          FROM stock_move m
          JOIN product_product p ON p.id = m.product_id
          JOIN stock_location f ON f.id = m.location_id
          JOIN stock_location t ON t.id = m.location_dest_id
          LEFT JOIN sale_order_line l ON l.id = m.sale_line_id
          LEFT JOIN sale_order o ON o.id = l.order_id
    """,
    "stock": """
        SELECT p.default_code, l.complete_name, substring(lot.name from 1 for 10), sum(q.quantity),
               sum(q.reserved_quantity)
          FROM stock_quant q
          JOIN product_product p ON p.id = q.product_id
          JOIN stock_location l ON l.id = q.location_id
          LEFT JOIN stock_lot lot ON lot.id = q.lot_id
         GROUP BY 1, 2, 3
        HAVING sum(q.quantity) != 0 OR sum(q.reserved_quantity) != 0
    """,
    "lots": """
        SELECT p.default_code, substring(l.name from 1 for 10), count(*)
          FROM stock_lot l JOIN product_product p ON p.id = l.product_id GROUP BY 1, 2
    """,
    "buyers": """
        SELECT a.name AS account, p.type, p.name, p.amazon_email, p.street, p.zip, p.city, p.is_company, h.name,
               count(*)
          FROM res_partner p
          JOIN amazon_account a ON a.id = p.amazon_account_id
          LEFT JOIN res_partner h ON h.id = p.parent_id
         GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9
    """,
    "offers": """
        SELECT a.name, k.api_ref, o.sku, p.default_code, o.amazon_channel, o.sync_stock AND o.amazon_channel = 'fbm'
          FROM amazon_offer o
          JOIN amazon_account a ON a.id = o.account_id
          JOIN amazon_marketplace k ON k.id = o.marketplace_id
          JOIN product_product p ON p.id = o.product_id
    """,
    "pricelists": """
        SELECT c.name, count(*) FROM product_pricelist l JOIN res_currency c ON c.id = l.currency_id GROUP BY 1
    """,
    "activities": """
        SELECT o.amazon_order_ref, t.summary
          FROM mail_activity t JOIN sale_order o ON t.res_model = 'sale.order' AND o.id = t.res_id
    """,
    "messages": """
        SELECT o.amazon_order_ref, m.body
          FROM mail_message m JOIN sale_order o ON m.model = 'sale.order' AND o.id = m.res_id
         WHERE m.body != ''
    """,
    "links": "SELECT count(*) FROM amazon_account_link",
    "shipments": """
        SELECT o.amazon_order_ref, s.package_ref, s.state, s.tracking_ref, s.carrier_code,
               (SELECT sum(l.quantity) FROM amazon_shipment_line l WHERE l.shipment_id = s.id)
          FROM amazon_shipment s JOIN sale_order o ON o.id = s.sale_order_id
    """,
}
TABLES = {"shipments": "amazon_shipment"}


class Database:
    """Reads and changes the tests' database from outside of Odoo."""

    def __init__(self, name):
        self.name = name

    def rows(self, query, values=()):
        """The rows that a statement gives; its changes are committed."""
        connection = psycopg2.connect(dbname=self.name)
        try:
            with connection, connection.cursor() as cr:
                cr.execute(query, values)
                return cr.fetchall() if cr.description else []
        finally:
            connection.close()

    @contextlib.contextmanager
    def transaction(self):
        """A cursor of another session, in a transaction that is rolled back at the end."""
        connection = psycopg2.connect(dbname=self.name)
        try:
            with connection.cursor() as cr:
                yield cr
        finally:
            connection.close()

    def value(self, query, values=()):
        """The first value of the first row."""
        return self.rows(query, values)[0][0]

    def has_table(self, name):
        return self.value("SELECT to_regclass(%s) IS NOT NULL", [name])

    def state(self):
        """Everything that must be the same however the work was interrupted, as sorted texts by subject."""
        state = {}
        for subject, query in QUERIES.items():
            if subject in TABLES and not self.has_table(TABLES[subject]):
                continue
            state[subject] = sorted(str(tuple(map(plain, row))) for row in self.rows(query))
        return state


def plain(value):
    """Numbers without the trail of zeros that depends on how they were computed."""
    return f"{float(value):.4f}" if type(value).__name__ in ("Decimal", "float") else value


def difference(expected, found):
    """What differs between two states, as readable lines; empty when nothing does."""
    lines = []
    for subject in expected:
        missing, more = list(expected[subject]), []
        for row in found[subject]:
            if row in missing:
                missing.remove(row)
            else:
                more.append(row)
        lines += [f"{subject} - {row}" for row in missing] + [f"{subject} + {row}" for row in more]
    return lines
