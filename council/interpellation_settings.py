"""How a programme carries interpellations and saisines."""

from pydantic import Field

from council.settings_section import Section


class InterpellationSettings(Section):
    """All figures are choices of ours; the delays of partners stand under `delays`.

    So many `signatures` of residents within `sign_days` open the vote of the council, which lasts `vote_days`; the
    saisine has a threshold of its own. Those who follow are reminded once, `remind_days` before the end of signing.
    A partner is reminded `partner_days` working days before an answer is due. The partner's link opens for `link_days`.
    So many `link_tries` an hour may be guesses from one address, and so many forms come by one link, before the page
    says to come back later. Days are those of the calendar but where it says working days.
    """

    signatures: int = Field(default=10, ge=0, le=10_000)
    saisine_signatures: int = Field(default=20, ge=0, le=10_000)
    sign_days: int = Field(default=21, ge=1, le=366)
    remind_days: int = Field(default=3, ge=0, le=60)
    vote_days: int = Field(default=7, ge=1, le=60)
    partner_days: int = Field(default=5, ge=0, le=60)
    link_days: int = Field(default=365, ge=1, le=1000)
    link_tries: int = Field(default=30, ge=5, le=1000)
