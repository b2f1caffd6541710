/** The warehouse finds what is late for Amazon, and is warned of an odd tracking number. */
import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("amazon_connector_deadlines", {
    steps: () => [
        { trigger: ".o_list_view .o_data_row" },
        { trigger: ".o_searchview_dropdown_toggler", run: "click" },
        { trigger: ".o_filter_menu .o-dropdown-item:contains('Late for Amazon')", run: "click" },
        { trigger: ".o_facet_value:contains('Late for Amazon')" },
        {
            content: "One row, in red",
            trigger: ".o_list_view:not(:has(.o_data_row + .o_data_row)) .o_data_row.text-danger td[name='name']",
            run: "click",
        },
        {
            content: "The time on the marketplace's clocks",
            trigger: ".o_form_view .o_field_widget[name='amazon_ship_by_local']:contains('PST (Amazon.com)')",
        },
        { trigger: ".o_notebook .nav-link:contains('Additional Info')", run: "click" },
        { trigger: ".o_field_widget[name='carrier_tracking_ref'] input", run: "edit 00340434161094012345 && press Tab" },
        {
            content: "Warned before it is saved",
            trigger: ".o_field_widget[name='amazon_tracking_warning']:contains('like a tracking number of UPS')",
        },
        { trigger: ".o_field_widget[name='carrier_tracking_ref'] input", run: "edit 1Z12345E0205271688 && press Tab" },
        { trigger: ".o_form_view:not(:has(.o_field_widget[name='amazon_tracking_warning']))" },
        { trigger: ".o_form_button_save", run: "click" },
        { trigger: ".o_form_view:has(.o_form_saved), .o_form_view:not(:has(.o_form_button_save:visible))" },
    ],
});
