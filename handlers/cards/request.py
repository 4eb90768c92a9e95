"""The buttons by which the team opens a support request and works on it; each checks the right to it again."""

from handlers.buttons import Press, press
from storage.support import SupportKind


@press("req")
class OpenRequestPress(Press):
    """Opens the team's card of a request."""

    request: int


@press("reqp")
class MoreRequestPress(Press):
    """Everything else that may be done with it."""

    request: int


@press("reqw")
class WaitPress(Press):
    """The next word is the requester's."""

    request: int


@press("reqb")
class ReleasePress(Press):
    """Puts it back into the queue."""

    request: int


@press("reqn")
class NotePress(Press):
    """Begins to write a note."""

    request: int


@press("reqd")
class CarryOutPress(Press):
    """Asks for the sentence of result."""

    request: int


@press("reqg")
class GivePress(Press):
    """A page of the colleagues to whom it may be given."""

    request: int
    page: int = 0


@press("reqk")
class SortKindPress(Press):
    """A page of the kinds that it may be of."""

    request: int
    page: int = 0


@press("reqc")
class SortCouncilPress(Press):
    """A page of the councils that it may be of."""

    request: int
    page: int = 0


@press("reqm")
class AttachPress(Press):
    """The meetings to which it may be attached."""

    request: int


@press("reqx")
class RelatePress(Press):
    """Asks for another request that this one has to do with."""

    request: int


@press("reqh")
class HistoryPress(Press):
    """A page of its whole story."""

    request: int
    page: int = 0


@press("reqy")
class ReplayPress(Press):
    """Puts its whole talk into the chat again, files and all."""

    request: int


@press("reqa")
class ReadyAnswersPress(Press):
    """A page of the answers that are kept ready for it."""

    request: int
    page: int = 0


@press("reqkc")
class KindChosenPress(Press):
    """It is of this kind."""

    request: int
    kind: SupportKind


@press("reqcc")
class CouncilChosenPress(Press):
    """It is of this council."""

    request: int
    council: int


@press("reqmc")
class MeetingChosenPress(Press):
    """It is about this meeting."""

    request: int
    meeting: int


@press("reqmn")
class NewMeetingForPress(Press):
    """Begins to create a meeting that the request is about."""

    request: int


@press("reqgc")
class GivenPress(Press):
    """Gives it to this colleague."""

    request: int
    person: int


@press("reqxc")
class OtherChosenPress(Press):
    """Asks what it has to do with this other request."""

    request: int
    other: int


@press("reqxm")
class MergePress(Press):
    """Both ask the same: this one is merged into the other."""

    request: int
    other: int


@press("reqxl")
class LinkPress(Press):
    """Both go on, and name each other."""

    request: int
    other: int


@press("reqdc")
class ResultPress(Press):
    """One of the usual sentences of result, by its place in the list."""

    request: int
    number: int


@press("reqac")
class ReadyAnswerPress(Press):
    """Shows a ready answer as the person will read it."""

    request: int
    code: str


@press("reqas")
class SendReadyPress(Press):
    """Sends it as it was shown."""

    request: int
    code: str


@press("reqae")
class ChangeReadyPress(Press):
    """Begins to write one's own version of it."""

    request: int
    code: str
