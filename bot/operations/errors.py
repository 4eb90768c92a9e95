"""Why a copy could not be made or brought back. In each case the database is as it was before."""


class BackupRefused(Exception):
    """Parent of all; bot.operations.backup_sentences says each of them."""


class NothingToCopy(BackupRefused):
    """The database has no tables of ours."""


class NotABackup(BackupRefused):
    """The file is something else."""


class OtherFormat(BackupRefused):
    """The file is a backup in a format that this version does not read: `found` instead of the one that we write."""

    def __init__(self, found: object) -> None:
        super().__init__(found)
        self.found = found


class Damaged(BackupRefused):
    """The file is cut short, or does not hold what it says; `place` is a table, or the file as a whole when empty."""

    def __init__(self, place: str = "") -> None:
        super().__init__(place)
        self.place = place


class UnknownRevision(BackupRefused):
    """The tables of the file or of the database come from a newer version of the program."""

    def __init__(self, revision: str) -> None:
        super().__init__(revision)
        self.revision = revision


class OtherRevision(BackupRefused):
    """The database holds rows in tables of another revision than the file's."""

    def __init__(self, found: str, wanted: str) -> None:
        super().__init__(found, wanted)
        self.found = found
        self.wanted = wanted


class NotEmpty(BackupRefused):
    """There are people in the database already: nothing is ever written over them."""
