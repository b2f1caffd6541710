"""The report of all listings, as tidy and as ugly as it comes."""

import tracemalloc
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spapi.catalogue_report import CatalogueRow, read_catalogue
from spapi.errors import UnreadableCatalogue
from spapi.transport.documents import Document

HEADER = (
    "item-name\titem-description\tlisting-id\tseller-sku\tprice\tquantity\topen-date\timage-url\titem-is-marketplace"
    "\tproduct-id-type\tzshop-shipping-fee\titem-note\titem-condition\tzshop-category1\tzshop-browse-path"
    "\tzshop-storefront-feature\tasin1\tasin2\tasin3\twill-ship-internationally\texpedited-shipping\tzshop-boldface"
    "\tproduct-id\tbid-for-featured-placement\tadd-delete\tpending-quantity\tfulfillment-channel"
    "\tmerchant-shipping-group\tstatus"
)
COLUMNS = HEADER.split("\t")


def line(**values):
    return "\t".join(values.get(column.replace("-", "_"), "") for column in COLUMNS)


MUG = line(
    item_name="Becher 0,3 l",
    seller_sku="MUG-RED",
    price="12.50",
    quantity="7",
    open_date="29/09/2025 16:19:39 BST",
    product_id_type="1",
    asin1="B071VG5N9D",
    product_id="B071VG5N9D",
    fulfillment_channel="DEFAULT",
    status="Active",
)
FBA = line(seller_sku="LAMP", asin1="B0LAMP0001", fulfillment_channel="AMAZON_EU", status="Inactive", quantity="")


def rows(text, encoding="utf-8", content_type=""):
    return list(read_catalogue(text.encode(encoding), content_type))


def test_a_row_of_the_seller_and_one_of_amazon():
    assert rows("\r\n".join([HEADER, MUG, FBA, ""])) == [
        CatalogueRow("MUG-RED", "B071VG5N9D", "Becher 0,3 l", 7, "fbm", "DEFAULT", "Active", Decimal("12.50")),
        CatalogueRow("LAMP", "B0LAMP0001", "", None, "fba", "AMAZON_EU", "Inactive", None),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_end_of_line(end):
    assert [row.sku for row in rows(end.join([HEADER, MUG, FBA]) + end)] == ["MUG-RED", "LAMP"]


def test_columns_are_found_by_name_in_any_order_with_new_ones_between():
    text = "new\tSTATUS\tquantity\tseller-sku\n1\tActive\t0\tMUG\n"
    (row,) = rows(text)
    assert (row.sku, row.quantity, row.status, row.title, row.asin, row.channel) == ("MUG", 0, "Active", "", "", "")


def test_trailing_cells_may_be_missing():
    (row,) = rows(f"{HEADER}\nBecher\t\t\tMUG\n")
    assert (row.sku, row.title, row.quantity, row.channel, row.status) == ("MUG", "Becher", None, "", "")


def test_a_quote_is_no_quote():
    text = f'{HEADER}\n"Monitor 24"" breit\t\t\tTV\n27" Monitor\t\t\tTV-2\n'
    assert [(row.sku, row.title) for row in rows(text)] == [("TV", '"Monitor 24"" breit'), ("TV-2", '27" Monitor')]


def test_a_quoted_header_is_known():
    assert [row.sku for row in rows('"seller-sku"\t"quantity"\nMUG\t7\n')] == ["MUG"]


def test_lines_without_a_sku_are_counted_and_empty_ones_are_not():
    catalogue = read_catalogue("\n".join([HEADER, MUG, "", "the rest of a description", "\t\t\t\t", FBA]).encode())
    assert [row.sku for row in catalogue] == ["MUG-RED", "LAMP"]
    assert catalogue.skipped == 1


@pytest.mark.parametrize("quantity", ["", "x", "-1", "1.5", "１", "1e3", "99999999999"])
def test_a_quantity_that_is_none(quantity):
    (row,) = rows(f"seller-sku\tquantity\nMUG\t{quantity}\n")
    assert row.quantity is None


@pytest.mark.parametrize(
    ("price", "expected"), [("12.5", "12.5"), ("12,50", "12.50"), ("1200", "1200"), ("", None), ("1.234,56", None)]
)
def test_a_price(price, expected):
    (row,) = rows(f"seller-sku\tprice\nMUG\t{price}\n")
    assert row.price == (expected and Decimal(expected))


@pytest.mark.parametrize(
    ("cells", "asin"),
    [("\t1\tB071VG5N9D", "B071VG5N9D"), ("\t4\t4006381333931", ""), ("B0AAAAAAAA\t1\tB071VG5N9D", "B0AAAAAAAA")]
    + [("none\t1\t", ""), ("\t4\tB071VG5N9D", "")],
)
def test_the_asin_is_found_where_it_stands(cells, asin):
    (row,) = rows(f"seller-sku\tasin1\tproduct-id-type\tproduct-id\nMUG\t{cells}\n")
    assert row.asin == asin


@pytest.mark.parametrize(
    ("cells", "barcode"),
    [("4\t4006381333931", "4006381333931"), ("3\t036000291452", "036000291452"), ("2\t9783161484100", "9783161484100")]
    + [("1\tB071VG5N9D", None), ("4\tB071VG5N9D", None), ("1\t4006381333931", None), ("\t", None)],
)
def test_the_barcode_is_the_product_id_of_its_types(cells, barcode):
    (row,) = rows(f"seller-sku\tproduct-id-type\tproduct-id\nMUG\t{cells}\n")
    assert row.barcode == barcode


def test_japans_columns_are_known():
    text = (
        "商品名\t出品ID\t出品者SKU\t価格\t数量\t出品日\t商品IDタイプ\tコンディション説明\tコンディション\t国外へ配送可"
        "\t迅速な配送\t商品ID\t在庫数\tフルフィルメント・チャンネル\tmerchant-shipping-group\tステータス\n"
        "マグカップ①\t1\tMUG\t1200\t7\t2025/09/29\t1\t\t11\t\t\tB071VG5N9D\t\tDEFAULT\t\tActive\n"
        "ランプ\t2\tLAMP\t3000\t\t2025/09/29\t1\t\t11\t\t\tB0LAMP0001\t\tAMAZON_JP\t\tActive\n"
    )
    mug, lamp = rows(text, "cp932", "text/plain;charset=Shift_JIS")
    assert (mug.sku, mug.title, mug.quantity, mug.asin, mug.channel) == ("MUG", "マグカップ①", 7, "B071VG5N9D", "fbm")
    assert (lamp.channel, lamp.quantity, lamp.price) == ("fba", None, Decimal("3000"))


# --- charsets ---


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("cp1252", "text/plain; charset=Cp1252"),
        ("cp1252", "text/plain; charset=ISO-8859-1"),
        ("cp1252", 'text/plain; charset="windows-1252"'),
        ("cp1252", ""),
        ("cp1252", "text/plain; charset=UTF-8"),
        ("cp1252", "text/plain; charset=nothing-known"),
        ("cp1252", "text/plain; charset=hex"),
        ("cp1252", "text/plain; charset=idna"),
        ("utf-8", "text/plain; charset=UTF-8"),
        ("utf-8", "text/plain"),
        ("utf-8-sig", ""),
        ("utf-16", "text/plain; charset=UTF-16"),
    ],
)
def test_the_charset_is_the_one_that_is_told_or_found_out(encoding, content_type):
    text = f"{HEADER}\nGröße „M“ – 5 €\t\t\tMUG-ß\n"
    (row,) = rows(text, encoding, content_type)
    assert (row.sku, row.title) == ("MUG-ß", "Größe „M“ – 5 €")


def test_a_document_says_its_charset_itself():
    document = Document("seller-sku\titem-name\nMUG\tマグカップ\n".encode("cp932"))
    document.content_type = "text/plain;charset=Windows-31J"
    (row,) = read_catalogue(document)
    assert row.title == "マグカップ"


def test_bytes_of_no_charset_lose_no_row():
    document = b"seller-sku\titem-name\nMUG\t\xff\x81 \xe4\nCUP\t\n"
    assert [row.sku for row in read_catalogue(document, "text/plain; charset=UTF-8")] == ["MUG", "CUP"]


def test_characters_that_no_database_stores_are_dropped():
    (row,) = rows("seller-sku\titem-name\nMUG\tA\x00B\n")
    assert row.title == "AB"


# --- what is none ---


@pytest.mark.parametrize(
    "document",
    [b"", b"\n", b"<html><body>sign in</body></html>", b'{"errors": []}', b"sku\tquantity\nMUG\t7\n", b"\x00" * 100],
)
def test_what_is_no_report_of_listings_is_unreadable(document):
    with pytest.raises(UnreadableCatalogue, match="no column of SKUs"):
        read_catalogue(document)


def test_a_report_of_a_seller_without_listings():
    assert rows(HEADER + "\n") == []


@given(st.binary(max_size=300), st.text(max_size=30))
def test_no_bytes_break_the_reading(content, content_type):
    for row in read_catalogue(b"seller-sku\tquantity\tprice\tproduct-id-type\tproduct-id\n" + content, content_type):
        assert row.sku


def test_a_large_report_is_read_in_little_memory():
    document = (HEADER + "\n" + (MUG + "\n") * 10_000).encode()
    tracemalloc.start()
    try:
        assert sum(1 for _row in read_catalogue(document)) == 10_000
        _now, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4_000_000
