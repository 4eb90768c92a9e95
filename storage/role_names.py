"""What a person may be to the programme. It stands apart: the command line offers roles without loading any table."""

from enum import StrEnum


class Role(StrEnum):
    RESIDENT = "resident"
    MEMBER = "member"
    LEAD = "lead"
    ANIMATOR = "animator"
    COORDINATOR = "coordinator"
