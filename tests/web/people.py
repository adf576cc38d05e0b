"""Who works in the town, by what their tokens are for."""

from domain.words import Role
from readmodel.accounts import Mandate
from tests.readmodel.town import DORP, GREEN, HEIDE, ROADS

MEMBER = Mandate(Role.DEPARTMENT, ROADS)
GARDENER = Mandate(Role.DEPARTMENT, GREEN)
PARTNER = Mandate(Role.PARTNER, ROADS)
HEAD = Mandate(Role.DEPARTMENT_HEAD, ROADS)
HEAD_ELSEWHERE = Mandate(Role.DEPARTMENT_HEAD, GREEN)
MANAGER = Mandate(Role.NEIGHBOURHOOD_MANAGER, None, (HEIDE,))
MANAGER_ELSEWHERE = Mandate(Role.NEIGHBOURHOOD_MANAGER, None, (DORP,))
MANAGER_EVERYWHERE = Mandate(Role.NEIGHBOURHOOD_MANAGER)
WARDEN = Mandate(Role.WARDEN, None, (HEIDE,))
WARDEN_ELSEWHERE = Mandate(Role.WARDEN, None, (DORP,))
LEADERSHIP = Mandate(Role.LEADERSHIP)
ADMINISTRATOR = Mandate(Role.ADMINISTRATOR)

STAFF = (MEMBER, PARTNER, HEAD, MANAGER, WARDEN, LEADERSHIP, ADMINISTRATOR)
"""All that a lamp in Heide concerns."""
ELSEWHERE = (GARDENER, HEAD_ELSEWHERE, MANAGER_ELSEWHERE, WARDEN_ELSEWHERE)
