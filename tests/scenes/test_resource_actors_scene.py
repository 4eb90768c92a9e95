"""The directory of resource actors: kept by the team in the chat, looked into by everybody."""

from council.resource_actor_values import ActorField
from council.resource_actors import ActorLine, search
from handlers.cards.resource_actor import (
    ActorPress,
    ActorsPress,
    AddActorPress,
    ArchivePress,
    ClearFieldPress,
    EditActorPress,
    EditFieldPress,
    TurnActorCouncilPress,
)
from playground.attachments import Attachment
from storage.people import Role
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage


async def entries(stage: Stage, words: str = "") -> list[ActorLine]:
    async with stage.database.read() as session:
        return await search(session, words)


async def adds(person: Person, name: str, themes: str = "") -> None:
    await person.sends("/menu")
    await person.taps("Acteurs ressources")
    await person.taps("Ajouter")
    await person.sees("Quel est le nom")
    await person.sends(name)
    await person.sees(name, "Sur quels thèmes")
    await (person.sends(themes) if themes else person.taps("Passer"))
    await person.sees("C’est ajouté", name)


async def test_an_animator_keeps_an_entry_and_another_finds_it(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.ANIMATOR)
    name = "Éco <b>&</b> Santé 🌿"
    await adds(julien, name, "Santé, environnement ; santé")
    for field, question, words, said in (
        ("Contact", "À qui faut-il parler", "Mme O’Brien", "Contact : Mme O’Brien"),
        ("Téléphone", "numéro de téléphone", "05.61.22.33.44", "Contact : Mme O’Brien, 05 61 22 33 44"),
        ("E-mail", "adresse e-mail", "contact@eco.example", "E-mail : contact@eco.example"),
        ("Site internet", "adresse du site", "eco.example/sante", name),
        ("Note", "Quelle note", "Répond le <lundi>\net le mardi", "Répond le <lundi>"),
    ):
        await julien.taps("Changer")
        await julien.taps(field)
        await julien.sees(question)
        await julien.sends(words)
        await julien.sees("C’est changé", said)
    await julien.taps("Changer")
    await julien.taps("Conseils")
    await julien.taps("Quartier Nord")
    await julien.taps("Continuer")
    await julien.sees("Conseils : Quartier Nord")

    await amina.sends("/menu")
    await amina.taps("Acteurs ressources")
    await amina.sees("1 acteur dans l’annuaire")
    assert "Santé (1)" in amina.buttons()
    for words in ("eco sante", "ÉCO", "environnement", "quartier nord", "o brien", "izards"):
        await amina.taps("Chercher un")
        await amina.sends(words)
        await amina.sees(f"« {words} »", "1 acteur trouvé")
    await amina.taps("Chercher un autre mot")
    await amina.sends("plomberie <i>")
    await amina.sees("Je n’ai trouvé personne")
    await amina.taps("Retour")
    await amina.taps("Santé (1)")
    await amina.taps("Éco")
    await amina.sees(name, "Thèmes : Santé et environnement", "Répond le <lundi>")
    check_manners(
        stage, words_of_people=(name, "Éco <b>&</b> Santé", "\nRépond le <lundi>\net le mardi", "plomberie <i>")
    )


async def test_what_cannot_stand_is_said_and_asked_again(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await adds(julien, "Maison des Droits")
    await julien.taps("Changer")
    for field, wrong, said in (
        ("Téléphone", "appelez-moi", "pas un numéro de téléphone"),
        ("E-mail", "a@b", "pas une adresse e-mail"),
        ("Site internet", "javascript:alert(1)", "pas l’adresse d’un site"),
        ("Note", "x" * 1001, "trop long"),
        ("Thèmes", ",".join(f"t{each}" for each in range(11)), "trop de thèmes"),
        ("Nom", "😀 !?", "rien reçu à lire"),
    ):
        await julien.taps(field, on=None)
        await julien.sends(wrong)
        await julien.sees(said)
        await julien.sends(attachment=Attachment("voice"))
        await julien.sees("que des mots écrits")
        await julien.taps("Retour")
    await julien.taps("Retour")
    await julien.sends("/menu")
    await julien.taps("Acteurs ressources")
    await julien.taps("Ajouter")
    await julien.sends("  maison des DROITS ")
    await julien.sees("déjà dans l’annuaire")
    await julien.taps("Annuler")
    assert [each.name for each in await entries(stage)] == ["Maison des Droits"]


async def test_taken_out_with_a_confirmation_and_taken_in_again(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    amina = await stage.joined("Amina", "sud", role=Role.COORDINATOR)
    await adds(julien, "Régie de quartier", "emploi")
    await amina.sends("/menu")
    await amina.taps("Acteurs ressources")
    await amina.taps("emploi (1)")
    await amina.taps("Régie")
    await julien.taps("Retirer")
    await julien.sees("Retirer Régie de quartier de l’annuaire")
    await julien.taps("Non")
    await julien.taps("Retirer")
    await julien.taps("Oui, retirer")
    await julien.sees("n’est plus dans l’annuaire")
    assert await entries(stage) == []
    await amina.taps("Changer")
    await amina.taps("Téléphone")
    await amina.sends("05 61 00 00 00")
    await amina.sees("Quelque chose a changé depuis")
    await adds(amina, "régie de Quartier")
    assert [each.name for each in await entries(stage)] == ["régie de Quartier"]


async def test_residents_look_into_it_and_change_nothing(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await adds(julien, "Point santé", "santé")
    await julien.taps("Changer")
    await julien.taps("Note")
    await julien.sends("Ne pas appeler le soir")
    (entry,) = await entries(stage)
    await rosa.sends("/menu")
    home = rosa.messages()[-1]
    assert "Acteurs ressources" not in " ".join(rosa.buttons(home))
    await rosa.forges(ActorsPress(0).pack(), on=home)
    await rosa.sees("1 acteur dans l’annuaire")
    assert not {"➕ Ajouter", "📥 Importer"} & {*rosa.buttons(home)}
    await rosa.taps("santé (1)")
    await rosa.taps("Point santé")
    await rosa.sees("Point santé")
    assert "✏️ Changer" not in rosa.buttons(home)
    await rosa.never_sees("Ne pas appeler")
    for press in (
        AddActorPress(),
        EditActorPress(entry.id),
        EditFieldPress(entry.id, ActorField.NAME),
        ClearFieldPress(entry.id, ActorField.NOTE),
        TurnActorCouncilPress(entry.id, None, 0),
        ArchivePress(entry.id),
        ActorPress(999_999, None),
    ):
        assert "Vous ne pouvez pas" in await rosa.forges(press.pack(), on=home), press
    assert "Vous ne pouvez pas" in await julien.forges("raf:999999:name", on=julien.messages()[-1])
    stranger = stage.person("Ana", started=True)
    await stranger.sends("/start")
    await stranger.forges(ActorPress(entry.id, None).pack(), on=stranger.messages()[-1])
    await stranger.never_sees("Point santé")
