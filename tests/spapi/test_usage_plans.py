"""Amazon's default quotas."""

import re

import pytest
from official_requests import official, operations

from spapi.usage_plans import CAUTIOUS, USAGE_PLANS, usage_plan

TABLE = re.compile(r"\| ([\d.]+) \| (\d+) \|")


def test_an_operation_that_is_not_known_is_called_with_caution():
    assert usage_plan("somethingNew") is CAUTIOUS
    assert usage_plan("searchOrders").burst == 20


@pytest.mark.skipif(not official.available(), reason=official.MISSING)
def test_the_plans_are_those_of_the_official_models():
    declared = {}
    for model, _path, _method, operation in operations():
        table = TABLE.search(operation.get("description", ""))
        # getOrder is declared by both versions of the Orders API; the newer one is called.
        if table and not (model == "ordersV0" and operation["operationId"] in declared):
            declared[operation["operationId"]] = (float(table[1]), int(table[2]))
    assert {name: (plan.rate, plan.burst) for name, plan in USAGE_PLANS.items()} == {
        name: declared[name] for name in USAGE_PLANS
    }
