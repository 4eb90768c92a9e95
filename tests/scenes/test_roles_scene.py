"""Who runs what: members and team, invited by buttons, and a role that is taken back."""

from playground.messages import Message
from storage.people import Role
from tests.scenes.manners import check_manners
from tests.scenes.meeting_steps import at, meeting_of
from tests.scenes.stage import Person, Stage

LINK = "https://t.me/porte_voix_bot?start="


def link_in(message: Message) -> str:
    """The token of the link that stands under a QR code, which was uploaded as a picture."""
    assert "photo" in message.body
    [link] = [line for line in message.text.splitlines() if line.startswith(LINK)]
    return link.removeprefix(LINK)


async def joins(person: Person, token: str) -> Message:
    await person.starts(token)
    await person.taps("D’accord")
    await person.taps("15 ans ou plus")
    return await person.sees("Bienvenue")


async def test_a_lead_invites_members_by_buttons_and_closes_a_link(stage: Stage):
    fatou, bruno = await stage.joined("Fatou", "nord", role=Role.LEAD), stage.person("Bruno")
    await fatou.sends("/membres")
    await fatou.sees("Quartier Nord", "pas encore de membre")
    await fatou.taps("Inviter un membre")
    await fatou.sends("mon voisin Bruno")  # words where a button is waited for
    await fatou.taps("Habitants")
    await fatou.taps("5 personnes")
    await fatou.taps("7 jours")
    assert {"✓ 5 personnes", "✓ 7 jours"} <= set(fatou.buttons())
    await fatou.taps("Retour")
    await fatou.taps("Acteurs locaux")
    make = fatou.messages()[-1]
    await fatou.taps("Créer le lien")
    shown = await fatou.sees(LINK, "Pour 5 personnes")
    token = link_in(shown)
    assert "changé" in await fatou.forges("ivm", on=make), "a second tap makes no second link"

    assert "Vous êtes membre" in (await joins(bruno, token)).text
    await fatou.sends("/membres")
    await fatou.sees("1 membre")
    await fatou.taps("Bruno")
    await fatou.sees("Bruno", "membre", "Acteurs locaux")
    await fatou.taps("Retour")
    await fatou.taps("Liens ouverts")
    await fatou.taps("membre")
    await fatou.sees("Encore 4 personnes")
    await fatou.taps("Oui, fermer")
    late = stage.person("Tard")
    await late.starts(token)
    await late.sees("Ce lien a été fermé")

    # The link for neighbours is no secret: any resident may show it, again and again.
    await bruno.sends("/conseil")
    await bruno.taps("Inviter")
    public = link_in(await bruno.sees(LINK))
    assert public == await stage.council_link("nord")
    await bruno.taps("Retour")
    await fatou.starts(token)  # one's own link, closed by now
    assert fatou.buttons()
    check_manners(stage)


async def test_the_coordinator_invites_everybody_and_gives_one_more_council(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Inviter")
    await claire.taps("animateur")
    await claire.taps("Quartier Nord")
    await claire.taps("Créer le lien")
    token = link_in(await claire.sees(LINK, "animateur", "Quartier Nord"))
    await claire.starts(token)
    await claire.sees("C’est votre lien")
    anna = stage.person("Anna")
    assert "Vous accompagnez" in (await joins(anna, token)).text

    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Anna")
    await claire.taps("Un autre conseil")
    assert "Quartier Nord" not in claire.buttons()
    await claire.taps("Quartier Sud")
    await anna.sees("nouveau rôle", "Quartier Sud")
    await anna.sends("/membres")
    await anna.sees("De quel conseil ?")
    await anna.taps("Quartier Sud")
    await anna.sees("Membres : Quartier Sud")
    assert not any("Inviter un membre" in each for each in anna.buttons()), "animators accompany, leads invite"
    await anna.sends("/equipe")  # sees who is who, changes nothing
    await anna.taps("Qui est dans l’équipe")
    assert not any("Inviter" in each for each in anna.buttons())
    await anna.taps("Claire")
    assert not any("Retirer" in each for each in anna.buttons())

    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Claire")
    await claire.taps("Retirer ce rôle")
    assert "au moins une personne qui coordonne" in await claire.taps("Oui, retirer")
    await claire.sends("/programme")
    await claire.sees("2 conseils")
    check_manners(stage)


async def test_a_role_that_is_taken_away_ends_at_once_and_the_person_is_told(stage: Stage):
    claire = await stage.joined("Claire", role=Role.COORDINATOR)
    fatou, rosa = await stage.joined("Fatou", "nord", role=Role.LEAD), await stage.joined("Rosa", "nord")
    await meeting_of(stage, fatou, title="Plénière", starts_at=at(stage, 5, 18))
    await fatou.sends("/membres")
    await fatou.taps("Inviter un membre")
    await fatou.taps("Habitants")
    await fatou.taps("Créer le lien")
    token = link_in(await fatou.sees(LINK))
    await fatou.sends("/membres")
    members = fatou.messages()[-1]
    await fatou.sends("/annoncer")
    await fatou.sends("Une rumeur")
    preview = fatou.messages()[-1]
    await fatou.sends("/menu")
    await fatou.sends("/reunion")
    form = fatou.messages()[-1]

    await claire.sends("/equipe")
    await claire.taps("Qui est dans l’équipe")
    await claire.taps("Fatou")
    await claire.taps("Retirer ce rôle")
    asked = claire.messages()[-1]
    yes = asked.buttons[0][0]["callback_data"]
    await claire.taps("Oui, retirer")
    await claire.sees("Fatou n’a plus ce rôle")
    assert "changé" in await claire.forges(yes, on=asked), "a second tap"
    await fatou.sees("Vous n’avez plus ce rôle", "Quartier Nord")

    refusals = [
        await fatou.taps("Inviter un membre", on=members),
        await fatou.taps("Liens ouverts", on=members),
        await fatou.taps("Réunion plénière", on=form),
        await fatou.taps("Envoyer", on=preview),
    ]
    assert all(refusals), refusals
    for command in ("/reunion", "/annoncer", "/membres", "/equipe", "/programme"):
        await fatou.sends(command)
        assert "Vous ne pouvez pas" in fatou.texts()[-1], command
        assert fatou.buttons()
    await rosa.never_sees("Une rumeur")
    newcomer = stage.person("Paul")
    await newcomer.starts(token)
    await newcomer.sees("Ce lien a été fermé")
    lists = [each.scope.get("chat_id") for each in stage.playground.world.first_bot().commands.values()]
    assert fatou.id not in lists, "the menu of commands is everybody's again"
    await fatou.sends("/conseil")  # still follows
    await fatou.sees("Quartier Nord")
    check_manners(stage)


async def test_whoever_runs_nothing_is_told_so_kindly(stage: Stage):
    rosa, sud = await stage.joined("Rosa", "nord"), await stage.joined("Samir", "sud", role=Role.LEAD)
    fatou = await stage.joined("Fatou", "nord", role=Role.LEAD)
    for command in ("/reunion", "/annoncer", "/membres", "/equipe", "/programme"):
        await rosa.sends(command)
        assert "Vous ne pouvez pas" in rosa.texts()[-1], command
        assert rosa.buttons()
    await rosa.sends("/profil")
    card = rosa.messages()[-1]
    nord, foreign = stage.councils["nord"], stage.councils["sud"]
    for data in (
        f"mb:{nord}:0",
        "tm:0",
        "ivs:",
        f"ivs:{nord}",
        "oiv::0",
        "hd:1",
        "hdx:1",
        "hdc:1:1",
        "pg:0",
        "oix:1:1",
    ):
        assert "Vous ne pouvez pas" in await rosa.forges(data, on=card), data
    await sud.sends("/membres")
    theirs = sud.messages()[-1]
    assert await sud.forges(f"mb:{foreign}:0", on=theirs) == ""
    for data in (f"mb:{nord}:0", f"ivs:{nord}", f"oiv:{nord}:0", "hd:1", "hd:999999"):
        assert "Vous ne pouvez pas" in await sud.forges(data, on=theirs), data
    assert all("Fatou" not in text for text in (*rosa.texts(), *sud.texts()))
    assert fatou.texts() == []
    check_manners(stage)
