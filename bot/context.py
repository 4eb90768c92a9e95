"""What the parts of the running program share."""

from dataclasses import dataclass

from bot.gate import Gate
from bot.settings import Settings
from council.clock import Clock
from council.meeting_notices import quiet_hours
from council.quiet_hours import QuietHours
from council.settings import ProgrammeSettings
from storage.database import Database


@dataclass
class Context:
    """`programme` is replaced when `portevoix init` has changed it; nothing keeps a copy for longer than a turn."""

    settings: Settings
    database: Database
    clock: Clock
    gate: Gate
    programme: ProgrammeSettings

    @property
    def quiet_hours(self) -> QuietHours:
        """The programme's quiet hours, in its time zone."""
        return quiet_hours(self.programme)
