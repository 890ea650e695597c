"""Who acts: a frozen value that is passed explicitly to every service and query. It reads no session and no request."""

from dataclasses import dataclass

ORGANISATION_KINDS = (
    "brand",
    "factory",
    "design_firm",
    "mould_factory",
    "brand_company",
    "launch_partner",
    "investor",
    "operator",
)
STAFF_ROLES = ("administrator", "field_agent")
ROLES = ORGANISATION_KINDS + STAFF_ROLES


@dataclass(frozen=True)
class Actor:
    """A person acting for one organisation (or as platform staff) in one role.

    `role` is the kind of the organisation, or the staff role. `scope` limits an API token: "read" or "write".
    """

    role: str
    user_id: int | None = None
    organisation_id: int | None = None
    name: str = ""
    organisation_name: str = ""
    is_manager: bool = False
    locale: str = "en"
    timezone: str = "UTC"
    scope: str = "write"

    @property
    def is_system(self) -> bool:
        return self.role == "system"

    @property
    def is_anonymous(self) -> bool:
        return self.role == "anonymous"


SYSTEM = Actor(role="system", name="Incubator")
ANONYMOUS = Actor(role="anonymous")
