{
    "name": "Amazon Connector",
    "version": "1.0.0",
    "category": "Sales/Sales",
    "summary": "Amazon orders in Odoo, right to the cent",
    "author": "Amazon Connector contributors",
    "license": "LGPL-3",
    "depends": ["sale_management", "sale_stock", "stock_delivery"],
    # Enterprise's connector defines the same models: only one of the two can be installed.
    "excludes": ["sale_amazon"],
    "external_dependencies": {"python": ["python-amazon-sp-api", "requests"]},
    "data": [
        "security/amazon_connector_groups.xml",
        "security/ir.model.access.csv",
        "security/ir_rules.xml",
        "data/amazon_marketplace_data.xml",
        "data/product_data.xml",
        "views/amazon_marketplace_views.xml",
        "views/amazon_account_views.xml",
        "views/amazon_connector_menus.xml",
    ],
    "application": True,
    "installable": True,
}
