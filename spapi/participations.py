"""The marketplaces in which a seller can sell."""

from __future__ import annotations

from dataclasses import dataclass

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
    entries = [entry for entry in entries if isinstance(entry, dict)]
    participations = [_participation(entry) for entry in entries]
    return [participation for participation in participations if participation.marketplace_id]


def _participation(entry) -> Participation:
    marketplace = _object(entry, "marketplace")
    return Participation(
        marketplace_id=_word(marketplace, "id"),
        name=_word(marketplace, "name"),
        country_code=_word(marketplace, "countryCode"),
        currency=_word(marketplace, "defaultCurrencyCode"),
        is_participating=as_flag(_object(entry, "participation").get("isParticipating")),
        store_name=_word(entry, "storeName"),
    )


def _object(entry, name) -> dict:
    value = entry.get(name)
    return value if isinstance(value, dict) else {}


def _word(entry, name) -> str:
    value = entry.get(name)
    return value.strip() if isinstance(value, str) else ""
