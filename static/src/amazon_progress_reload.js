import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Component, onMounted, onWillUnmount, xml } from "@odoo/owl";

const SECONDS = 5;

/** Loads the record again every few seconds, so that a form shows the progress of what goes on in the background. */
export class AmazonProgressReload extends Component {
    static template = xml`<span class="text-muted small">This page follows the import by itself.</span>`;
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => {
            this.timer = setInterval(() => this.reload(), SECONDS * 1000);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    async reload() {
        const { record } = this.props;
        // A page in the background asks for nothing; nor does one that a person is changing.
        if (!document.hidden && !(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("amazon_progress_reload", { component: AmazonProgressReload });
