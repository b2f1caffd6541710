"""Reports: the catalogue of a seller as GET_MERCHANT_LISTINGS_ALL_DATA."""

import csv
import gzip
import io

import pytest
import requests
from amazon_client import DE, EU, FE, REPORTS, Client, error_of

from simulator.merchant_listings import COLUMNS, REPORT_TYPE
from simulator.sellers import ORDER_TRACKING, PRODUCT_LISTING, TAX_INVOICING


@pytest.fixture(autouse=True)
def offers(sim):
    """Offers of every kind."""
    sim.store.add_listing(EU, "TASSE", title="Große Tasse\t„rot“", quantity=5, price="9.90", asin="B0EXAMPLE1")
    sim.store.add_listing(EU, "FBA-TASSE", channel="AMAZON_EU")
    sim.store.add_listing(EU, "OFF", quantity=0, status=("DISCOVERABLE",))
    sim.store.add_listing(EU, "DRAFT", status=())
    sim.store.add_listing(EU, "FRENCH", marketplaces=("FR",), title="Tasse 茶")


def finished(client, report_id):
    """The report after it has ended."""
    for _look in range(3):
        report = client.get_report(report_id)
    return report


def download(client, report):
    """The rows of the report, and the content type with which it came."""
    document = client.document(REPORTS, report["reportDocumentId"])
    response = requests.get(document["url"], timeout=10)
    content_type = response.headers["Content-Type"]
    charset = content_type.partition("charset=")[2]
    text = gzip.decompress(response.content).decode({"Cp1252": "cp1252", "Shift_JIS": "cp932"}[charset])
    rows = csv.DictReader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["seller-sku"]: row for row in rows}, content_type


def test_a_report_goes_from_the_queue_to_its_document(sim, eu):
    report_id = eu.create_report().json()["reportId"]
    assert sim.store.reports[report_id].status == "IN_QUEUE"
    first, second = eu.get_report(report_id), eu.get_report(report_id)
    assert (first["processingStatus"], second["processingStatus"]) == ("IN_PROGRESS", "DONE")
    assert (second["reportType"], second["marketplaceIds"]) == (REPORT_TYPE, [DE])


def test_the_catalogue_of_a_marketplace(eu):
    rows, content_type = download(eu, finished(eu, eu.create_report().json()["reportId"]))
    assert content_type == "text/plain; charset=Cp1252"
    assert set(rows) == {"TASSE", "FBA-TASSE", "OFF", "DRAFT"}
    assert list(rows["TASSE"]) == COLUMNS
    mug, fba = rows["TASSE"], rows["FBA-TASSE"]
    assert (mug["item-name"], mug["price"], mug["quantity"]) == ("Große Tasse „rot“", "9.90", "5")
    assert (mug["asin1"], mug["fulfillment-channel"], mug["status"]) == ("B0EXAMPLE1", "DEFAULT", "Active")
    assert (fba["quantity"], fba["fulfillment-channel"]) == ("", "AMAZON_EU")
    assert (rows["OFF"]["status"], rows["DRAFT"]["status"]) == ("Inactive", "Incomplete")


def test_what_the_charset_lacks_is_a_question_mark(eu):
    report_id = eu.create_report(marketplaceIds=["A13V1IB3VIYZZH"]).json()["reportId"]
    assert download(eu, finished(eu, report_id))[0]["FRENCH"]["item-name"] == "Tasse ?"


def test_japan_has_its_own_charset(sim):
    sim.store.add_listing(FE, "CHA", marketplaces=("JP",), title="茶碗")
    client = Client(sim, FE)
    report_id = client.create_report(marketplaceIds=["A1VC38T7YXB528"]).json()["reportId"]
    rows, content_type = download(client, finished(client, report_id))
    assert (content_type, rows["CHA"]["item-name"]) == ("text/plain; charset=Shift_JIS", "茶碗")


def test_a_report_that_takes_time_goes_by_the_clock(sim, eu):
    sim.store.report_seconds = 120
    report_id = eu.create_report().json()["reportId"]
    assert finished(eu, report_id)["processingStatus"] == "IN_QUEUE"
    sim.store.clock.advance(120)
    assert eu.get_report(report_id)["processingStatus"] == "DONE"


def test_all_reports_can_be_finished_at_once(sim, eu):
    sim.store.report_seconds = 120
    report_id = eu.create_report().json()["reportId"]
    sim.store.finish_reports()
    assert eu.get_report(report_id)["processingStatus"] == "DONE"


@pytest.mark.parametrize(
    "changes",
    [
        {"reportType": "GET_REPORT_OF_TOMORROW"},
        {"reportType": None},
        {"marketplaceIds": []},
        {"marketplaceIds": DE},
        {"marketplaceIds": ["NOWHERE"]},
        {"dataStartTime": "yesterday"},
        {"reportOptions": {"custom": True}},
        {"MarketplaceIds": [DE]},
    ],
)
def test_a_wrong_report_is_refused(sim, eu, changes):
    assert error_of(eu.create_report(**changes))[:2] == (400, "InvalidInput")
    assert not sim.store.reports


def test_options_and_times_are_taken(eu):
    response = eu.create_report(
        reportOptions={"preferredReportDocumentLocale": "en_US"}, dataStartTime="2026-11-01T00:00:00Z"
    )
    assert response.status_code == 202


@pytest.mark.parametrize(("role", "status"), [(PRODUCT_LISTING, 202), (ORDER_TRACKING, 202), (TAX_INVOICING, 403)])
def test_one_of_two_roles_is_needed(sim, eu, role, status):
    sim.store.sellers[EU].roles = {role}
    assert eu.create_report().status_code == status


def test_marketplaces_and_reports_of_others(eu, na):
    assert eu.create_report(marketplaceIds=["ATVPDKIKX0DER"]).status_code == 403
    report_id = eu.create_report().json()["reportId"]
    assert error_of(na.call(f"{REPORTS}/reports/{report_id}"))[:2] == (404, "NotFound")
    document_id = finished(eu, report_id)["reportDocumentId"]
    assert error_of(na.call(f"{REPORTS}/documents/{document_id}"))[:2] == (404, "NotFound")


def test_reports_are_listed_and_cancelled(eu):
    report_id = eu.create_report().json()["reportId"]
    assert eu.call(f"{REPORTS}/reports/{report_id}", method="DELETE").status_code == 200
    assert eu.call(f"{REPORTS}/reports/{report_id}", method="DELETE").status_code == 400
    listed = eu.call(f"{REPORTS}/reports", {"reportTypes": REPORT_TYPE, "processingStatuses": "CANCELLED"}).json()
    assert [report["reportId"] for report in listed["reports"]] == [report_id]
    assert eu.call(f"{REPORTS}/reports").status_code == 400


@pytest.mark.parametrize(("kind", "status"), [("report_fatal", "FATAL"), ("report_cancelled", "CANCELLED")])
def test_a_report_may_end_without_a_document(sim, eu, kind, status):
    sim.store.add_fault("createReport", kind)
    report = finished(eu, eu.create_report().json()["reportId"])
    assert report["processingStatus"] == status
    assert "reportDocumentId" not in report
    assert finished(eu, eu.create_report().json()["reportId"])["processingStatus"] == "DONE"


def test_a_report_may_be_slow(sim, eu):
    sim.store.add_fault("createReport", "report_slow", seconds=50)
    report_id = eu.create_report().json()["reportId"]
    assert finished(eu, report_id)["processingStatus"] == "IN_QUEUE"
    sim.store.clock.advance(50)
    assert eu.get_report(report_id)["processingStatus"] == "DONE"


@pytest.mark.parametrize("kind", ["document_expired", "document_mislabelled"])
def test_the_document_takes_the_faults_of_documents(sim, eu, kind):
    report = finished(eu, eu.create_report().json()["reportId"])
    sim.store.add_fault("getReportDocument", kind)
    response = requests.get(eu.document(REPORTS, report["reportDocumentId"])["url"], timeout=10)
    if kind == "document_expired":
        assert response.status_code == 403
    else:
        assert response.content.startswith(b"item-name\t")
    assert download(eu, report)[0]


def test_reports_outlast_the_process(sim, eu, tmp_path):
    finished(eu, eu.create_report().json()["reportId"])
    before = dict(sim.store.reports)
    sim.store.save(tmp_path / "state")
    sim.store.reset()
    sim.store.load(tmp_path / "state")
    assert dict(sim.store.reports) == before
