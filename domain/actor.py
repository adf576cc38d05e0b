"""Who acts, and with what mandate."""

from dataclasses import dataclass, replace

from domain.words import DepartmentId, NeighbourhoodId, Role, ServiceCode


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or system known by an opaque id, in one role."""

    role: Role
    id: str
    department: DepartmentId | None = None
    """Of a department's member or head, and of a partner."""
    neighbourhoods: tuple[NeighbourhoodId, ...] = ()
    """Of a neighbourhood manager or warden; empty means the whole city."""
    teams: tuple[NeighbourhoodId, ...] = ()
    """The neighbourhoods in whose team the actor's department sits: its members read the cases there, too."""
    withheld: tuple[ServiceCode, ...] = ()
    """Services about people: a team reads none of their cases."""

    def covers(self, neighbourhood: NeighbourhoodId) -> bool:
        """Whether the neighbourhood is within this actor's mandate."""
        return not self.neighbourhoods or neighbourhood in self.neighbourhoods

    def signature(self) -> "Actor":
        """The actor as events remember them: without the reach of their mandate."""
        return replace(self, neighbourhoods=(), teams=(), withheld=())


RESIDENT = Actor(Role.RESIDENT, "resident")
