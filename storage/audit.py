"""Who did what to what, when: ids and words of the code only, never what somebody wrote."""

from datetime import datetime
from typing import Any

from storage.columns import Table, big, json_value, row_id


class AuditLine(Table, table=True):
    __tablename__ = "audit_line"

    id: int = row_id()
    at: datetime
    person_id: int | None = big(default=None, foreign_key="person.id", ondelete="SET NULL", nullable=True, index=True)
    act: str
    subject: str
    subject_id: int | None = big(default=None, nullable=True)
    details: dict[str, Any] = json_value(default_factory=dict)
