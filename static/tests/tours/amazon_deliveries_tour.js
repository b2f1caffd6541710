/** The warehouse ships an Amazon order, and mends a delivery that Amazon refused. */
import { registry } from "@web/core/registry";

const STATUS = ".o_field_widget[name='amazon_sync_status']";

registry.category("web_tour.tours").add("amazon_connector_delivery", {
    steps: () => [
        { trigger: ".o_form_view button[name='button_validate']:enabled", run: "click" },
        {
            content: "It is stopped before it leaves",
            trigger: ".modal .alert:contains('tracking reference is missing')",
        },
        { trigger: ".modal button[name='action_validate_anyway']", run: "click" },
        { content: "It waits, and says for what", trigger: `${STATUS}:contains('Waiting for Tracking')` },
        { trigger: ".alert:contains('Enter the tracking reference')" },
        { trigger: ".o_notebook .nav-link:contains('Additional Info')", run: "click" },
        { trigger: ".o_field_widget[name='carrier_tracking_ref'] input", run: "edit JD014600003SE" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: `${STATUS}:contains('To Send to Amazon')` },
        { trigger: ".o_notebook .nav-link:contains('Amazon')", run: "click" },
        { trigger: ".o_field_widget[name='amazon_shipment_ids'] .o_data_row:contains('JD014600003SE')" },
    ],
});

registry.category("web_tour.tours").add("amazon_connector_delivery_confirmed", {
    steps: () => [
        { trigger: `.o_form_view ${STATUS}:contains('Synchronized with Amazon')` },
        { trigger: ".o_field_widget[name='amazon_delivery_status']:contains('Shipped')" },
    ],
});

registry.category("web_tour.tours").add("amazon_connector_delivery_refused", {
    steps: () => [
        { trigger: `.o_form_view ${STATUS}:contains('Synchronization with Amazon failed')` },
        { content: "In plain words and in Amazon's", trigger: ".alert-danger:contains('Amazon says')" },
        { trigger: "button[name='action_retry_amazon_sync']", run: "click" },
        { trigger: ".o_notification:contains('told again in a moment')" },
        { trigger: `${STATUS}:contains('To Send to Amazon')` },
    ],
});

registry.category("web_tour.tours").add("amazon_connector_deliveries_refused", {
    steps: () => [
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        {
            trigger: ".o_filter_menu .o-dropdown-item:contains('Synchronization with Amazon failed')",
            run: "click",
        },
        { trigger: ".o_facet_value:contains('Synchronization with Amazon failed')" },
        { trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name='action_retry_amazon_sync']", run: "click" },
        { trigger: ".o_notification:contains('told again in a moment')" },
        { content: "None failed any more", trigger: ".o_list_view:not(:has(.o_data_row .text-bg-danger))" },
    ],
});
