from . import test_account
from . import test_encryption
from . import test_marketplace
from . import test_order_import
from . import test_security
from . import test_order_amounts
from . import test_order_sync
