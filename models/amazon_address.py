from odoo import api, models


class AmazonAddress(models.AbstractModel):
    """Turns the addresses that Amazon gives into the fields of a contact."""

    _name = "amazon.address"
    _description = "Amazon Address"

    @api.model
    def _places(self, orders):
        """The address fields of each order's delivery address, with one query for countries and one for states.

        :param orders: parsed orders
        :return: values of street, street2, city, zip, state_id, country_id by order reference
        :rtype: dict[str, dict]
        """
        orders = list(orders)
        codes = {order.address.country_code for order in orders if order.address}
        countries = self.env["res.country"].search([("code", "in", list(codes))])
        by_code = {country.code: country for country in countries}
        states = self._states(countries)
        return {order.order_ref: self._prepare_place_vals(order.address, by_code, states) for order in orders}

    @api.model
    def _states(self, countries):
        """The states of the countries, by country and by each way to write them."""
        states = {}
        for state in self.env["res.country.state"].search([("country_id", "in", countries.ids)]):
            for word in (state.code, state.name, f"{state.country_id.code}-{state.code}"):
                states[state.country_id.id, self._normalized(word)] = state.id
        return states

    @api.model
    def _prepare_place_vals(self, address, countries, states):
        """Hook: the address fields of one address. A state that Odoo does not know stays in the text."""
        if not address:
            return dict.fromkeys(("street", "street2", "city", "zip", "state_id", "country_id"), False)
        country = countries.get(address.country_code)
        state_id = country and states.get((country.id, self._normalized(address.state)))
        kept = [address.district, "" if state_id else address.state]
        rest = [*address.lines[1:], *(part for part in kept if part and part != address.city)]
        return {
            "street": address.lines[0] if address.lines else False,
            "street2": ", ".join(rest) or False,
            "city": address.city or False,
            "zip": address.postal_code or False,
            "state_id": state_id or False,
            "country_id": country.id if country else False,
        }

    @api.model
    def _normalized(self, word):
        return " ".join((word or "").replace(".", " ").casefold().split())
