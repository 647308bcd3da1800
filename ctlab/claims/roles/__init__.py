"""What each thought does: roles as rules over verdicts, and one paragraph made from roles alone (docs/roles.md)."""

from ctlab.claims.roles.explanation import explanation
from ctlab.claims.roles.role import Lacks, Role, RoleName, roles_of

__all__ = ["Lacks", "Role", "RoleName", "explanation", "roles_of"]
