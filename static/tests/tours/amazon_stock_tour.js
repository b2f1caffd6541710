/** An administrator has the stock sent, reads what Amazon refused, and pauses an offer. */
import { registry } from "@web/core/registry";

function openSales(menu) {
    return [
        { trigger: ".o_navbar_apps_menu button:enabled", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='sale.sale_menu_root']", run: "click" },
        ...menu.map((xmlid) => ({ trigger: `[data-menu-xmlid='${xmlid}']`, run: "click" })),
    ];
}

registry.category("web_tour.tours").add("amazon_connector_stock", {
    steps: () => [
        ...openSales(["sale.menu_sale_config", "amazon_connector.menu_amazon_account"]),
        { trigger: ".o_data_row td:contains('Example Shop')", run: "click" },
        { trigger: ".o_notebook .nav-link:contains('Stock')", run: "click" },
        {
            content: "Switch the synchronization on",
            trigger: ".o_field_widget[name='synchronize_inventory'] input",
            run: "click",
        },
        { trigger: ".o_field_widget[name='stock_basis']" },
        { content: "Send it now; the account is saved first", trigger: "button[name='action_sync_inventory']", run: "click" },
        { content: "Both went", trigger: ".o_notification:contains('up to date 1'):contains('refused 1')" },
        { trigger: "button[name='action_open_refused_offers']:contains('1')", run: "click" },
        { trigger: ".o_data_row td:contains('REFUSED')" },
        ...openSales(["sale.product_menu_catalog", "amazon_connector.menu_amazon_offer"]),
        { trigger: ".o_data_row:contains('MUG-1') .badge:contains('Up to Date')" },
        { trigger: ".o_data_row:contains('MUG-1') .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name='action_pause'], .o_list_buttons button[name='action_pause']", run: "click" },
        { trigger: ".o_notification:contains('nothing is left')" },
        {
            content: "The form says it",
            trigger: ".o_data_row:contains('MUG-1') .o_list_record_open_form_view",
            run: "click",
        },
        { trigger: ".ribbon:contains('Paused')" },
        { trigger: "button[name='action_resume']", run: "click" },
        { trigger: ".o_form_view:not(:has(.ribbon:contains('Paused')))" },
    ],
});

registry.category("web_tour.tours").add("amazon_connector_submissions", {
    steps: () => [
        ...openSales(["sale.menu_sale_config", "amazon_connector.menu_amazon_feed"]),
        { trigger: ".o_data_row .badge:contains('Partly Refused')" },
        { trigger: ".o_data_row td[name='line_count']", run: "click" },
        { trigger: ".o_field_widget[name='line_ids'] .o_data_row:contains('S2'):contains('Refused')" },
        { trigger: ".o_field_widget[name='document_id']:contains('submission-')" },
        { trigger: "button[name='action_retry_failed']", run: "click" },
        { trigger: ".o_notification:contains('within a minute')" },
    ],
});
