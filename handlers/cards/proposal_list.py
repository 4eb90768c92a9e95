"""The published proposals of the reader's councils: by theme, newest, most supported, or found by words."""

from collections.abc import Mapping, Sequence

from council.proposal_lists import LAST_PAGE, Order, ProposalPage, ProposalRow
from council.proposal_settings import ProposalSettings
from handlers.buttons import Press, press
from handlers.cards.card import Button, Card, Lines, bold, grid, shorten
from handlers.cards.home import home_entry, home_row
from handlers.cards.interpellation_list import RegisterPress
from handlers.cards.meeting_words import bare
from handlers.cards.pages import page_of, page_row
from handlers.cards.profile import CouncilsPress
from handlers.cards.proposal import ProposalPress
from handlers.cards.proposal_asking import ProposePress
from handlers.cards.proposal_author import MyProposalsPress
from handlers.cards.proposal_words import state_words, supporters_words
from handlers.cards.steps import step_rows
from locales.sentences import sentence
from locales.translator import Translator
from storage.proposals import ProposalState

A_PAGE = 6
_COUNCILS_A_PAGE = 8
_TITLE_LIMIT, _NAME_LIMIT, _SOUGHT_LIMIT = 30, 40, 60
_Rows = tuple[tuple[Button, ...], ...]


@press("prls")
class ProposalsPress(Press):
    """A page of the proposals of one council (None: of all mine), of one theme (None: of all)."""

    council: int | None = None
    theme: str | None = None
    order: Order = Order.NEWEST
    page: int = 0


@press("prlf")
class FoundProposalsPress(Press):
    """A page of what was found by the words that were written last."""

    page: int


@press("prlt")
class ThemesPress(Press):
    """The themes, for a council (None: for all mine)."""

    council: int | None
    order: Order


@press("prlc")
class ProposalCouncilsPress(Press):
    """A page of the councils whose proposals one may look at."""

    page: int


@press("prlq")
class SeekProposalsPress(Press):
    """Asks for the words to look for."""


home_entry(11, sentence("💡 Propositions"), ProposalsPress())


def list_card(
    say: Translator,
    listed: ProposalPage,
    asked: ProposalsPress,
    councils: Mapping[int, str],
    themes: ProposalSettings,
) -> Card:
    """A page; `councils` are the names of those whose proposals stand in it."""
    words = Lines().add(bold(_title(say, asked, councils)))
    if asked.theme is not None:
        words.add(say("Thème : {theme}", theme=themes.theme(asked.theme).called(say.language)))
    if not councils:
        words.add(say("Vous ne suivez pas encore de conseil."))
    elif listed.rows:
        words.add(say("Les plus soutenues d’abord.") if _by_support(asked) else say("Les plus récentes d’abord."))
        words.add(say("Appuyez sur une proposition pour la lire."))
    else:
        words.add(say("Il n’y a pas encore de proposition ici."))
    last = min(listed.page + listed.more, LAST_PAGE)
    turning = page_row(listed.page, last, lambda to: ProposalsPress(asked.council, asked.theme, asked.order, to), say)
    choose = () if councils else ((Button(say.plain("Choisir mes conseils"), CouncilsPress(0)),),)
    return Card(words.text, (*_opens(say, listed.rows), *turning, *choose, *_other_ways(say, asked), home_row(say)))


def found_card(say: Translator, listed: ProposalPage, sought: str) -> Card:
    """A page of what was found."""
    words = Lines().add(bold(say("Vous cherchez : {words}", words=shorten(sought, _SOUGHT_LIMIT))))
    if listed.rows or listed.page:
        words.add(say("Appuyez sur une proposition pour la lire."))
    else:
        words.add(say("Je n’ai rien trouvé."), say("Essayez avec un autre mot."))
    turning = page_row(listed.page, min(listed.page + listed.more, LAST_PAGE), FoundProposalsPress, say)
    seek = Button(say.plain("🔎 Chercher autre chose"), SeekProposalsPress())
    every = Button(say.plain("◀ Toutes les propositions"), ProposalsPress())
    return Card(words.text, (*_opens(say, listed.rows), *turning, (seek,), (every,), home_row(say)))


def themes_card(say: Translator, asked: ThemesPress, themes: ProposalSettings, counts: Mapping[str, int]) -> Card:
    """The themes about which something is published, and all together."""
    words = Lines().add(bold(say("Quel thème ?")))
    known = {each.code for each in themes.offered}
    buttons = [Button(say.plain("Tous les thèmes"), ProposalsPress(asked.council, None, asked.order))]
    for each in themes.offered:
        count = counts.get(each.code, 0)
        if count:
            label = say.plain("{theme} ({n})", theme=each.called(say.language), n=say.number(count))
            buttons.append(Button(label, ProposalsPress(asked.council, each.code, asked.order)))
    if not known & counts.keys():
        words.add(say("Il n’y a pas encore de proposition ici."))
    back = Button(say.plain("Retour"), ProposalsPress(asked.council, None, asked.order))
    return Card(words.text, (*grid(buttons, 2), (back,)))


def councils_card(say: Translator, councils: Mapping[int, str], page: int) -> Card:
    """Of which council? Those that the reader follows, or all together."""
    words = Lines().add(bold(say("Quel conseil ?")))
    shown, page, last = page_of(tuple(councils.items()), page, _COUNCILS_A_PAGE)
    rows = [(Button(shorten(name, _NAME_LIMIT), ProposalsPress(each)),) for each, name in shown]
    every = Button(say.plain("Tous mes conseils"), ProposalsPress())
    return Card(words.text, (*rows, *page_row(page, last, ProposalCouncilsPress, say), (every,)))


def seek_card(say: Translator) -> Card:
    words = Lines().add(
        bold(say("Que cherchez-vous ?")), say("Écrivez un ou deux mots."), say("Les fautes ne gênent pas.")
    )
    return Card(words.text, step_rows(say, ProposalsPress()))


def _opens(say: Translator, rows: Sequence[ProposalRow]) -> _Rows:
    return tuple((Button(_label(say, each), ProposalPress(each.id)),) for each in rows)


def _label(say: Translator, row: ProposalRow) -> str:
    """« Un square plus sûr (3 soutiens) », bare; what the council has dealt with says how far it is."""
    blanks = {
        "title": shorten(row.title, _TITLE_LIMIT),
        "supporters": bare(supporters_words(say, row.supporters)),
    }
    if row.state is ProposalState.RECEIVED:
        return say.plain("{title} ({supporters})", **blanks)
    return say.plain("{title} ({state}, {supporters})", **blanks, state=state_words(row.state, say))


def _title(say: Translator, asked: ProposalsPress, councils: Mapping[int, str]) -> str:
    name = councils.get(asked.council) if asked.council is not None else None
    if name is None and len(councils) == 1:
        name = next(iter(councils.values()))
    return say("Propositions : {council}", council=name) if name is not None else say("Propositions de mes conseils")


def _by_support(asked: ProposalsPress) -> bool:
    return asked.order is Order.MOST_SUPPORTED


def _other_ways(say: Translator, asked: ProposalsPress) -> _Rows:
    if _by_support(asked):
        order = Button(say.plain("🕑 Plus récentes"), ProposalsPress(asked.council, asked.theme))
    else:
        order = Button(say.plain("👍 Plus soutenues"), ProposalsPress(asked.council, asked.theme, Order.MOST_SUPPORTED))
    theme = Button(say.plain("🏷 Par thème"), ThemesPress(asked.council, asked.order))
    seek = Button(say.plain("🔎 Chercher"), SeekProposalsPress())
    council = Button(say.plain("🏘 Autre conseil"), ProposalCouncilsPress(0))
    asked_of_partners = Button(say.plain("📨 Questions du conseil"), RegisterPress(asked.council))
    propose = Button(say.plain("💡 Proposer une idée"), ProposePress())
    mine = Button(say.plain("📋 Mes propositions"), MyProposalsPress(past=False, page=0))
    return ((order, theme), (seek, council), (propose, mine), (asked_of_partners,))
