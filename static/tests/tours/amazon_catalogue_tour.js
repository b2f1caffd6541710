/** A Sales administrator imports offers, reviews them and accepts them. */
import { registry } from "@web/core/registry";

function openGroup(name) {
    return { trigger: `.o_group_header:not(.o_group_open):contains('${name}')`, run: "click" };
}

registry.category("web_tour.tours").add("amazon_connector_import_offers", {
    steps: () => [
        { content: "Import", trigger: "button[name='action_import_offers']", run: "click" },
        { content: "It is in line", trigger: ".o_statusbar_status .o_arrow_button_current:contains('In Line')" },
        { trigger: "button[name='action_continue']", run: "click" },
        { content: "It is done", trigger: ".o_statusbar_status .o_arrow_button_current:contains('Done')" },
        { trigger: ".oe_stat_button:contains('Matched'):contains('1')" },
        { trigger: ".oe_stat_button:contains('Proposals'):contains('1')" },
        { trigger: ".oe_stat_button:contains('Unmatched'):contains('2')" },
        { trigger: "header button[name='action_review'], .o_statusbar_buttons button[name='action_review']", run: "click" },
        openGroup("Matched"),
        openGroup("Proposal"),
        openGroup("Unmatched"),
        {
            content: "Choose a product for a listing",
            trigger: ".o_data_row:has(td:contains('ODD-1')) td[name='product_id']",
            run: "click",
        },
        { trigger: ".o_selected_row td[name='product_id'] input", run: "edit Garden hose" },
        { trigger: ".o-autocomplete--dropdown-item a:contains('Garden hose')", run: "click" },
        { trigger: ".o_list_button_save", run: "click" },
        { content: "Saved", trigger: ".o_list_renderer:not(:has(.o_selected_row))" },
        {
            content: "Take a proposal",
            trigger: ".o_data_row:has(td:contains('mug blue')) button[name='action_use_proposal']",
            run: "click",
        },
        { content: "Taken", trigger: ".o_list_renderer:not(:has(button[name='action_use_proposal']))" },
        { content: "Select everything", trigger: "thead .o_list_record_selector input", run: "click" },
        { trigger: ".o_control_panel button[name='action_accept']", run: "click" },
        { content: "What became of it", trigger: ".o_notification:contains('Offers made: 3')" },
    ],
});
