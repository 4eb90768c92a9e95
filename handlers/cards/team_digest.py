"""The team's morning in one message: how many requests are new, due today, late, waiting."""

from council.support_views import QueueFilter, Shelf
from council.team_digest import TeamDigest
from handlers.cards.card import Button, Card, Lines, bold
from handlers.cards.requests import QueuePress
from locales.translator import Translator

MOST_LINES = 5


def team_digest_card(say: Translator, digest: TeamDigest) -> Card:
    """Only what there is; the button opens the queue that it speaks of."""
    words = Lines().add(bold(say("☀️ L’équipe ce matin") if digest.of_team else say("☀️ Vos demandes ce matin")))
    if digest.late:
        words.add(say.plural("⏰ {n} demande en retard", "⏰ {n} demandes en retard", digest.late))
    if digest.due:
        words.add(say.plural("📅 {n} réponse promise aujourd’hui", "📅 {n} réponses promises aujourd’hui", digest.due))
    if digest.new:
        words.add(say.plural("🆕 {n} nouvelle demande", "🆕 {n} nouvelles demandes", digest.new))
    if digest.unassigned:
        words.add(say.plural("📥 {n} demande à prendre", "📥 {n} demandes à prendre", digest.unassigned))
    if digest.waiting and len(words.lines) < MOST_LINES:
        words.add(
            say.plural(
                "⏳ {n} demande attend la réponse de la personne",
                "⏳ {n} demandes attendent la réponse de la personne",
                digest.waiting,
            )
        )
    shelf = Shelf.TEAM if digest.of_team else Shelf.MINE
    return Card(words.text, ((Button(say.plain("📥 Ouvrir les demandes"), QueuePress.of(QueueFilter(shelf))),),))
