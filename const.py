"""Facts about Amazon that no user edits."""

import re

# Amazon authorizes an application per region, and serves each region from its own host.
# https://developer-docs.amazon.com/sp-api/docs/sp-api-endpoints
REGIONS = [
    ("na", "North America"),
    ("eu", "Europe"),
    ("fe", "Far East"),
]

# https://developer-docs.amazon.com/sp-api/docs/seller-central-urls
SELLER_CENTRAL_HOST = re.compile(r"sellercentral(-[a-z]+)?\.amazon\.(com?\.)?[a-z]{2,3}")

# A seller renews the consent given to a public application once a year.
# https://developer-docs.amazon.com/sp-api/docs/renew-authorizations
CONSENT_LIFETIME_DAYS = 365

# https://developer-docs.amazon.com/sp-api/docs/rotating-your-apps-lwa-credentials
CLIENT_SECRET_LIFETIME_DAYS = 180

# How many days before one of the two dates above somebody is told, once at each.
EXPIRY_WARNING_STAGES = (30, 14)
EXPIRY_WARNING_DAYS = max(EXPIRY_WARNING_STAGES)

# The authorization code that Amazon sends back lives five minutes; the whole round trip, with
# the seller's login, gets ten.
# https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
LINK_LIFETIME_MINUTES = 10

# The addresses registered with the application on Amazon: "OAuth Redirect URI" and "OAuth Login URI".
OAUTH_RETURN_PATH = "/amazon/oauth/return"
OAUTH_LOGIN_PATH = "/amazon/oauth/login"

# The language in which a marketplace speaks to its buyers, by country code, as Odoo names languages.
# Countries whose marketplaces speak several languages are left out.
BUYER_LANGUAGES = {
    "AE": "ar_001",
    "AU": "en_AU",
    "BR": "pt_BR",
    "DE": "de_DE",
    "EG": "ar_001",
    "ES": "es_ES",
    "FR": "fr_FR",
    "GB": "en_GB",
    "IE": "en_GB",
    "IN": "en_IN",
    "IT": "it_IT",
    "JP": "ja_JP",
    "MX": "es_MX",
    "NL": "nl_NL",
    "PL": "pl_PL",
    "SA": "ar_001",
    "SE": "sv_SE",
    "SG": "en_GB",
    "TR": "tr_TR",
    "US": "en_US",
    "ZA": "en_GB",
}

# Amazon forwards what is sent to these addresses to the buyer, and forbids anything but answers about the order.
# https://developer-docs.amazon.com/sp-api/docs/access-orders-pii
BUYER_ALIAS = re.compile(r"@marketplace\.amazon\.[a-z.]+", re.IGNORECASE)

# By country code, the clocks by which Amazon sets the deadlines of a marketplace. Where a country has several time
# zones, those of the site: North America goes by Seattle's.
MARKETPLACE_TIME_ZONES = {
    "AE": "Asia/Dubai",
    "AU": "Australia/Sydney",
    "BE": "Europe/Brussels",
    "BR": "America/Sao_Paulo",
    "CA": "America/Los_Angeles",
    "DE": "Europe/Berlin",
    "EG": "Africa/Cairo",
    "ES": "Europe/Madrid",
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "IE": "Europe/Dublin",
    "IN": "Asia/Kolkata",
    "IT": "Europe/Rome",
    "JP": "Asia/Tokyo",
    "MX": "America/Mexico_City",
    "NL": "Europe/Amsterdam",
    "PL": "Europe/Warsaw",
    "SA": "Asia/Riyadh",
    "SE": "Europe/Stockholm",
    "SG": "Asia/Singapore",
    "TR": "Europe/Istanbul",
    "US": "America/Los_Angeles",
    "ZA": "Africa/Johannesburg",
}

# What Amazon allows a seller to keep of a buyer's name, address and messages, counted from the delivery.
# https://developer-docs.amazon.com/sp-api/docs/guidance-to-address-key-security-controls-in-sp-api-integration
PERSONAL_DATA_DAYS = 30
# Where Amazon says neither when an order was delivered nor by when it will be: how long a parcel takes at most.
TRANSIT_DAYS = 7
