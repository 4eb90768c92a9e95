"""The buttons by which moderators and the council decide on a proposal; each checks the right to it again."""

from handlers.buttons import Press, press


@press("mod")
class DeskPress(Press):
    """Opens one text to decide on."""

    proposal: int


@press("mod0")
class DropPicturePress(Press):
    """The text will be published without its picture."""

    proposal: int
    revision: int


@press("pt")
class TreatProposalPress(Press):
    """Opens the menu of what the council may do with it."""

    proposal: int


@press("pta")
class AgendaPress(Press):
    """A page of the meetings on whose agenda it may be put."""

    proposal: int
    page: int = 0


@press("ptm")
class AgendaChosenPress(Press):
    """The council will talk of it at that meeting."""

    proposal: int
    revision: int
    meeting: int


@press("pto")
class OffAgendaPress(Press):
    """The council will not talk of it at that meeting after all."""

    proposal: int
    revision: int


@press("ptl")
class MeetingProposalsPress(Press):
    """A page of the proposals on the agenda of a meeting."""

    meeting: int
    page: int = 0
