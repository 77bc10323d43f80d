"""The tool behind the pages."""

from tests.lti.conftest import database as database
from tests.lti.conftest import empty_file as empty_file
from tests.lti.conftest import world as world
