"""Invented buyers. No name, street, number or company here belongs to anybody."""

import hashlib
from dataclasses import dataclass

# Country -> street, city, state or region, postal code, phone (ranges set aside for fiction where there are any).
_PLACES = {
    "DE": ("Beispielstraße 1", "Berlin", "Berlin", "10115", "+49 30 23125 001"),
    "FR": ("1 rue de l'Exemple", "Lyon", "", "69001", "+33 1 99 00 12 34"),
    "IT": ("Via Esempio 1", "Milano", "MI", "20121", "+39 02 0000000"),
    "ES": ("Calle Ejemplo 1", "Madrid", "Madrid", "28013", "+34 600 000 000"),
    "GB": ("1 Example Street", "Leeds", "West Yorkshire", "LS1 1AA", "+44 20 7946 0001"),
    "IE": ("1 Example Road", "Dublin", "Dublin", "D02 X285", "+353 20 910 0001"),
    "NL": ("Voorbeeldstraat 1", "Utrecht", "", "3511 AA", "+31 30 000 0000"),
    "BE": ("Voorbeeldlaan 1", "Gent", "", "9000", "+32 9 000 00 00"),
    "SE": ("Exempelgatan 1", "Uppsala", "", "753 10", "+46 31 390 06 01"),
    "PL": ("ul. Przykładowa 1", "Kraków", "", "30-001", "+48 12 000 00 00"),
    "TR": ("Örnek Sokak No:1", "Istanbul", "Istanbul", "34430", "+90 212 000 00 00"),
    "US": ("500 Sample Ave", "Austin", "TX", "78701-1234", "+1 512-555-0100"),
    "CA": ("1 Example Street", "Toronto", "ON", "M5V 2T6", "+1 416-555-0100"),
    "MX": ("Calle Ejemplo 1", "Ciudad de México", "CDMX", "06000", "+52 55 0000 0000"),
    "BR": ("Rua Exemplo, 1", "São Paulo", "SP", "01310-100", "+55 11 90000-0000"),
    "JP": ("見本町1-1", "渋谷区", "東京都", "150-0002", "+81 3-0000-0000"),
    "AU": ("1 Example Street", "Sydney", "NSW", "2000", "+61 2 5550 0001"),
    "SG": ("1 Example Road", "Singapore", "", "018956", "+65 0000 0000"),
}
_ELSEWHERE = ("1 Example Street", "Example City", "", "00000", "+000 000 0000")
NAMES = (
    "Jane Example",
    "John Sample",
    "Erika Musterfrau",
    "Max Mustermann",
    "Marie Exemple",
    "Mario Esempio",
    "María Ejemplo",
    "Joan Placeholder",
)
# Numbers that nobody was given; those of some countries pass the checks of their check digits.
_TAX_NUMBERS = {
    "BE": "BE0999999922",
    "DE": "DE999999995",
    "ES": "ESB99999997",
    "FR": "FR11999999998",
    "GB": "GB999999918",
    "IT": "IT99999999990",
    "NL": "NL999999990B01",
    "PL": "PL9999999999",
    "SE": "SE999999999901",
}


@dataclass(frozen=True)
class SampleBuyer:
    """An invented buyer in one country."""

    name: str
    country_code: str
    domain: str

    @property
    def email(self):
        """The alias that stands for this buyer on one marketplace, always the same."""
        alias = hashlib.sha256(f"{self.name}{self.domain}".encode()).hexdigest()[:14]
        return f"{alias}@marketplace.{self.domain}"

    def company(self):
        """The buyer's invented company."""
        return f"{self.name.split()[-1]} Trading (Example)"

    def tax_number(self):
        """The invented VAT number of that company."""
        return _TAX_NUMBERS.get(self.country_code, f"{self.country_code}-EXAMPLE-0001")

    def address(self, personal_data=True, company=""):
        """The delivery address; without personal data only city, region and country are left."""
        street, city, state, postal_code, phone = _PLACES.get(self.country_code, _ELSEWHERE)
        address = {"city": city, "stateOrRegion": state, "countryCode": self.country_code}
        if personal_data:
            address.update(name=self.name, addressLine1=street, postalCode=postal_code, phone=phone)
            address.update(companyName=company, addressType="COMMERCIAL" if company else "RESIDENTIAL")
        return {name: value for name, value in address.items() if value}
