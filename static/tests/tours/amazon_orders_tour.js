/** A salesperson's day: look at Amazon's orders, and mend one that could not be imported. */
import { registry } from "@web/core/registry";

function openOrdersMenu(menu) {
    return [
        { trigger: "button[data-menu-xmlid='sale.sale_order_menu']", run: "click" },
        { trigger: `.o-dropdown-item[data-menu-xmlid='amazon_connector.${menu}']`, run: "click" },
    ];
}

function openSales() {
    return [
        { trigger: ".o_navbar_apps_menu button:enabled", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='sale.sale_menu_root']", run: "click" },
        { trigger: "button[data-menu-xmlid='sale.sale_order_menu']" },
    ];
}

registry.category("web_tour.tours").add("amazon_connector_orders", {
    steps: () => [
        ...openSales(),
        ...openOrdersMenu("menu_amazon_orders"),
        { content: "Both orders are there", trigger: ".o_data_row:contains('302-0000001-0000001')" },
        { trigger: ".o_data_row:contains('302-0000002-0000002')" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o-dropdown-item:contains('FBM')", run: "click" },
        {
            content: "What Amazon ships is filtered out",
            trigger: ".o_list_view:not(:has(.o_data_row:contains('302-0000002-0000002')))",
        },
        { trigger: ".o_data_row td:contains('302-0000001-0000001')", run: "click" },
        { trigger: ".o_notebook .nav-link:contains('Amazon')", run: "click" },
        { trigger: ".o_field_widget[name='amazon_order_ref']:contains('302-0000001-0000001')" },
        { trigger: ".o_field_widget[name='amazon_channel']:contains('Fulfilled by Merchant')" },
    ],
});

registry.category("web_tour.tours").add("amazon_connector_failed_order", {
    steps: () => [
        ...openSales(),
        ...openOrdersMenu("menu_amazon_order_update"),
        { content: "The failed one is shown first", trigger: ".o_facet_value:contains('Failed')" },
        { trigger: ".o_data_row td:contains('302-0000003-0000003')", run: "click" },
        { trigger: ".alert .o_field_widget[name='error']:contains('TWICE')" },
        { content: "What to do", trigger: ".alert .o_field_widget[name='remedy']:contains('one product only')" },
        { trigger: "button[name='action_retry']", run: "click" },
        { content: "Nothing was mended", trigger: ".o_notification:contains('Failed: 1')" },
        { trigger: ".o_notification .o_notification_close", run: "click" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Failed')" },
    ],
});

registry.category("web_tour.tours").add("amazon_connector_mended_order", {
    steps: () => [
        ...openSales(),
        ...openOrdersMenu("menu_amazon_order_update"),
        { trigger: ".o_data_row td:contains('302-0000003-0000003')", run: "click" },
        { trigger: "button[name='action_retry']", run: "click" },
        { trigger: ".o_notification:contains('imported or updated: 1')" },
        { trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')" },
        { content: "The amounts, side by side", trigger: ".o_field_widget[name='amazon_total']" },
        { trigger: "button[name='action_open_sale_order']", run: "click" },
        { trigger: ".o_notebook .nav-link:contains('Amazon')" },
        { trigger: "button[data-menu-xmlid='sale.product_menu_catalog']", run: "click" },
        { trigger: ".o-dropdown-item[data-menu-xmlid='amazon_connector.menu_amazon_offer']", run: "click" },
        { content: "Its offer was made", trigger: ".o_data_row td:contains('TWICE')" },
        ...openOrdersMenu("menu_amazon_unmatched_line"),
        { trigger: ".o_breadcrumb:contains('Unknown SKUs')" },
    ],
});
