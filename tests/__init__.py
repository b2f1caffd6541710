from . import test_marketplace
