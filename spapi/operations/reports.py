"""Reports: Reports API, version 2021-06-30.

https://developer-docs.amazon.com/sp-api/docs/reports-api-v2021-06-30-use-case-guide
"""

from __future__ import annotations

from ..calls import Calls, checked_ref
from ..members import identifier_in
from ..processing import ReportStatus, parse_report


class ReportOperations(Calls):
    """Having a report made."""

    def create_report(self, report_type: str, marketplace_ids) -> str:
        """Ask for a report; its reference. Never sent twice by itself."""
        operation = "createReport"
        body = {"reportType": report_type, "marketplaceIds": list(marketplace_ids)}
        answer = self._call(operation, lambda api: api.reports.create_report(**body), may_repeat=False)
        report_ref = identifier_in(answer.body, "reportId")
        if not report_ref:
            raise self._unreadable(operation, answer)
        return report_ref

    def get_report(self, report_ref: str) -> ReportStatus:
        """How far a report is; ``NotFound`` when Amazon does not have it."""
        operation = "getReport"
        answer = self._call(operation, lambda api: api.reports.get_report(checked_ref("report", report_ref)))
        report = parse_report(answer.body)
        if not report.status:
            raise self._unreadable(operation, answer)
        return report
