{
    "name": "Amazon Connector",
    "summary": "Amazon orders in Odoo, right to the cent",
    "version": "1.0.0",
    "category": "Sales/Sales",
    "author": "Amazon Connector contributors",
    "license": "LGPL-3",
    "depends": ["sale_management", "sale_stock", "stock_delivery"],
    "excludes": ["sale_amazon"],
    "external_dependencies": {"python": ["sp_api", "cryptography"]},
    "data": [],
    "installable": True,
    "application": False,
}
