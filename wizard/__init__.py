from . import amazon_delivery_warning
from . import amazon_delete_data
from . import amazon_erase_buyer
from . import amazon_recover_order
from . import amazon_refresh_token
from . import base_partner_merge_automatic_wizard
