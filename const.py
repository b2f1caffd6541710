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

# How long before one of the two dates above the user is warned.
EXPIRY_WARNING_DAYS = 30

# The authorization code that Amazon sends back lives five minutes; the whole round trip, with
# the seller's login, gets ten.
# https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
LINK_LIFETIME_MINUTES = 10

# The addresses registered with the application on Amazon: "OAuth Redirect URI" and "OAuth Login URI".
OAUTH_RETURN_PATH = "/amazon/oauth/return"
OAUTH_LOGIN_PATH = "/amazon/oauth/login"
