"""Reports API 2021-06-30: createReport, getReport, getReports, cancelReport, getReportDocument.

Model: https://developer-docs.amazon.com/sp-api/docs/reports-api-v2021-06-30-reference
"""

from .answers import denied, invalid_input
from .faults import REPORT_FATES
from .jobs_api import (
    DOCUMENT_PARAMETERS,
    MARKETPLACES,
    OPTIONS,
    check_marketplaces,
    document_address,
    find_job,
    job_page,
    job_times,
    list_parameters,
)
from .merchant_listings import REPORT_TYPE
from .sellers import ORDER_TRACKING, PRODUCT_LISTING

LIST_PARAMETERS = list_parameters("reportTypes")
GET_DOCUMENT_PARAMETERS = DOCUMENT_PARAMETERS
REPORT = {
    "type": "object",
    "required": ["marketplaceIds", "reportType"],
    "properties": {
        "reportOptions": OPTIONS,
        "reportType": {"type": "string"},
        "dataStartTime": {"type": "string", "format": "date-time"},
        "dataEndTime": {"type": "string", "format": "date-time"},
        "marketplaceIds": MARKETPLACES,
    },
}


def create_report(store, seller, query, request, body):
    """Put a report into the queue."""
    if body["reportType"] != REPORT_TYPE:
        raise invalid_input(f"The report type {body['reportType']} is not known.")
    if not {PRODUCT_LISTING, ORDER_TRACKING} & seller.roles:
        raise denied()
    check_marketplaces(seller, body["marketplaceIds"])
    fault = store.faults.take("createReport", REPORT_FATES)
    report = store.reports.add(
        seller_id=seller.seller_id,
        kind=body["reportType"],
        marketplace_ids=body["marketplaceIds"],
        seconds=fault.options.get("seconds", 3600) if fault and fault.kind == "report_slow" else store.report_seconds,
        fate=fault.kind if fault else "",
        fate_options=fault.options if fault else {},
    )
    return {"reportId": report.job_id}


def get_report(store, seller, query, request, report_id):
    """The state of one report."""
    return _shown(store.reports.look(find_job(store.reports, seller, report_id)))


def get_reports(store, seller, query, request):
    """A page of reports."""
    page, token = job_page(store, store.reports, seller, query, "reportTypes")
    body = {"reports": [_shown(report) for report in page]}
    return {**body, "nextToken": token} if token else body


def cancel_report(store, seller, query, request, report_id):
    """Take a report out of the queue."""
    report = store.reports.look(find_job(store.reports, seller, report_id), step=False)
    if report.status != "IN_QUEUE":
        raise invalid_input("Only a report with the processing status IN_QUEUE can be cancelled.")
    store.reports.cancel(report)


def get_report_document(store, seller, query, request, document_id):
    """An address from which a report can be downloaded."""
    members = document_address(store, seller, query, request, document_id, "getReportDocument")
    return {"reportDocumentId": document_id, **members}


def _shown(report):
    shown = {
        "reportId": report.job_id,
        "reportType": report.kind,
        "marketplaceIds": report.marketplace_ids,
        "processingStatus": report.status,
        **job_times(report),
    }
    return {**shown, "reportDocumentId": report.result_document_id} if report.result_document_id else shown
