from . import controllers
from . import models
from . import wizard
from .hooks import remove_parameters, show_groups
