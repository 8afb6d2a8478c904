"""The ledger as a table: tasks by unit, role and document, for the API and the command."""

from __future__ import annotations

from domain import Clause, Role
from qa.filters import policies_meant
from qa.knowledge import Knowledge


def tasks(
    knowledge: Knowledge, *, unit: str = "", role: Role | None = None, policy: str = ""
) -> list[Clause]:
    """Tasks in the order of the documents, those of one unit, role or document where it is named.

    A unit may be given in any of its forms. Raises `UnknownPolicy`, and `BadQuestion` for a unit
    that the ledger does not hold.
    """
    allowed = policies_meant([policy], knowledge) if policy else None
    meant = set(knowledge.units_meant(unit)) if unit else None
    roles = (role,) if role else ()
    return [
        clause
        for clause in knowledge.items(allowed)
        if (not role or knowledge.units_of(clause.id, role))
        and (meant is None or meant & set(knowledge.units_of(clause.id, *roles)))
    ]
