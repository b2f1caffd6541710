/** The documentation page "Amazon Connector configuration", step by step. */
import { registry } from "@web/core/registry";

function openSettings() {
    return [
        { trigger: ".o_navbar_apps_menu button:enabled", run: "click" },
        { trigger: ".o_app[data-menu-xmlid='sale.sale_menu_root']", run: "click" },
        { trigger: "button[data-menu-xmlid='sale.menu_sale_config']", run: "click" },
        { trigger: ".o-dropdown-item[data-menu-xmlid='sale.menu_sale_general_settings']", run: "click" },
        { content: "The section Connectors", trigger: "h2:contains('Connectors')" },
    ];
}

function openFromSettings(link) {
    return [{ trigger: `#amazon_connector button:contains('${link}')`, run: "click" }];
}

function openTab(name) {
    return { trigger: `.o_notebook .nav-link:contains('${name}')`, run: "click" };
}

registry.category("web_tour.tours").add("amazon_connector_setup", {
    steps: () => [
        ...openSettings(),
        {
            content: "Activate the Amazon Sync feature",
            trigger: "#amazon_connector .o_setting_left_pane input",
            run: "click",
        },
        {
            content: "Save; the page is loaded again",
            trigger: ".o_form_button_save",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Saved", trigger: ".o_control_panel:not(:has(.o_dirty_warning))" },
        ...openFromSettings("Amazon Accounts"),
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".oe_title .o_field_widget[name='name'] input", run: "edit American Marketplace" },
        openTab("Credentials"),
        { trigger: ".tab-pane .o_field_widget[name='base_marketplace_id'] input", run: "edit Amazon.com" },
        {
            trigger: ".o-autocomplete--dropdown-item a:not(:contains('Amazon.com.')):contains('Amazon.com')",
            run: "click",
        },
        { trigger: ".o_form_button_save", run: "click" },
        {
            content: "The field in the Credentials tab is replaced by a button",
            trigger: ".tab-pane:not(:has(.o_field_widget[name='base_marketplace_id'])) button[name='action_link']",
        },
        {
            content: "Off to Amazon, where the seller confirms; and back",
            trigger: "button[name='action_link']:contains('Link with Amazon')",
            run: "click",
            expectUnloadPage: true,
        },
        { content: "Linked", trigger: ".o_statusbar_status .o_arrow_button_current:contains('Linked')" },
        openTab("Marketplaces"),
        { trigger: ".o_field_widget[name='active_marketplace_ids'] td:contains('Amazon.com.mx')" },
        {
            content: "Remove a marketplace to disable its synchronization",
            trigger: ".o_data_row:has(td:contains('Amazon.com.br')) .o_list_record_remove",
            run: "click",
        },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_saved" },
        { content: "Fetch the orders", trigger: "button[name='action_sync_orders']", run: "click" },
        { content: "One order came in", trigger: ".o_notification:contains('imported or updated: 1')" },
        { content: "Its offer was made", trigger: "button[name='action_open_offers']:contains('1')", run: "click" },
        { trigger: ".o_data_row td:contains('MUG-RED-11OZ')" },
    ],
});

registry.category("web_tour.tours").add("amazon_connector_new_marketplace", {
    steps: () => [
        ...openSettings(),
        ...openFromSettings("Amazon Marketplaces"),
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_field_widget[name='api_ref'] input", run: "edit A2NODRKZP88ZB9" },
        { trigger: ".o_field_widget[name='region'] .o_radio_item:contains('Europe') input", run: "click" },
        {
            trigger: ".o_field_widget[name='seller_central_url'] input",
            run: "edit https://sellercentral.amazon.se",
        },
        { trigger: ".o_field_widget[name='name'] input", run: "edit Amazon.se" },
        { trigger: ".o_form_button_save", run: "click" },
        { content: "Saved", trigger: ".o_form_saved" },
        ...openSettings(),
        ...openFromSettings("Amazon Accounts"),
        { trigger: ".o_data_row td:contains('Example Shop')", run: "click" },
        openTab("Marketplaces"),
        { trigger: "button[name='action_update_marketplaces']", run: "click" },
        { content: "An animation confirms", trigger: ".o_reward:contains('Amazon.se')" },
        {
            content: "It is among the synchronized marketplaces",
            trigger: ".o_field_widget[name='active_marketplace_ids'] td:contains('Amazon.se')",
        },
    ],
});
