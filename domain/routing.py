"""Which departments a report goes to."""

from domain.city import Service
from domain.words import DepartmentId, NeighbourhoodId


def route(service: Service, neighbourhood: NeighbourhoodId) -> tuple[DepartmentId, ...]:
    """The departments for this service there: the first matching exception, else the service's own."""
    for exception in service.routes:
        if neighbourhood in exception.neighbourhoods:
            return exception.departments
    return service.departments
