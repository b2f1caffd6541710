"""The marketplaces in which a seller can sell."""

from __future__ import annotations

from dataclasses import dataclass

from .members import object_in, objects_among, word_in
from .sections import as_flag


@dataclass(frozen=True)
class Participation:
    """One marketplace of the seller, which may be none that we know (``Non-Amazon US`` is one of them)."""

    marketplace_id: str
    name: str
    country_code: str
    currency: str
    is_participating: bool
    store_name: str


def parse_participations(entries) -> list[Participation]:
    """Read the ``payload`` of ``getMarketplaceParticipations``; an entry that names no marketplace is passed over.

    Source: https://developer-docs.amazon.com/sp-api/docs/sellers-api
    """
    participations = [_participation(entry) for entry in objects_among(entries)]
    return [participation for participation in participations if participation.marketplace_id]


def _participation(entry) -> Participation:
    marketplace = object_in(entry, "marketplace")
    return Participation(
        marketplace_id=word_in(marketplace, "id"),
        name=word_in(marketplace, "name"),
        country_code=word_in(marketplace, "countryCode"),
        currency=word_in(marketplace, "defaultCurrencyCode"),
        is_participating=as_flag(object_in(entry, "participation").get("isParticipating")),
        store_name=word_in(entry, "storeName"),
    )
