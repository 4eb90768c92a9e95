"""A sheet sent in the chat becomes the directory: previewed, confirmed, once; and all that can come instead."""

import io

from openpyxl import Workbook
from sqlalchemy import update
from sqlmodel import col, func, select

from handlers.cards.resource_actor import SheetPress
from handlers.cards.resource_sheet import ImportSheetPress
from playground.attachments import Attachment
from storage.people import Role, RoleGrant
from storage.resource_actors import ResourceActor
from tests.scenes.manners import check_manners
from tests.scenes.stage import Person, Stage

SHEET = "\n".join(
    [
        "nom;thèmes;e-mail;conseils",
        "Éco <b>&</b> Santé;santé;eco@sante.example;nord",
        "Régie;emploi;;",
        *(f"Faux {each};;pas une adresse;" for each in range(7)),
    ]
).encode()


def file(content: bytes, name: str = "annuaire.csv") -> Attachment:
    return Attachment("document", file=content, file_name=name)


async def count(stage: Stage) -> int:
    async with stage.database.read() as session:
        return (await session.exec(select(func.count()).select_from(ResourceActor))).one()


async def begins(person: Person) -> None:
    await person.sends("/menu")
    await person.taps("Acteurs ressources")
    await person.taps("Importer")
    await person.sees("Envoyez un fichier .csv ou .xlsx")


async def test_previewed_confirmed_and_written_once(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await begins(julien)
    await julien.sends(attachment=file(SHEET))
    preview = await julien.sees("2 acteurs nouveaux", "7 lignes ont un problème", "Est-ce que j’importe ?")
    assert await count(stage) == 0
    await julien.taps("Voir les problèmes")
    await julien.sees("Ligne 4 : l’e-mail n’est pas une adresse", "Ligne 8")
    await julien.taps("Suite")
    await julien.sees("Ligne 9", "Ligne 10")
    await julien.taps("Retour")
    assert await count(stage) == 0
    yes = next(each for row in preview.buttons for each in row if "Oui" in each["text"])["callback_data"]
    await julien.taps("Oui, importer")
    await julien.sees("C’est importé", "2 acteurs nouveaux")
    assert "Quelque chose a changé" in await julien.forges(yes, on=preview)
    assert await count(stage) == 2
    await julien.taps("Acteurs ressources")
    await julien.taps("santé (1)")
    await julien.taps("Éco")
    await julien.sees("Éco <b>&</b> Santé", "eco@sante.example", "Conseils : Quartier Nord")

    book = Workbook()
    assert book.active is not None
    book.active.append(("Nom", "Téléphone"))
    book.active.append(("regie", 561223344))
    made = io.BytesIO()
    book.save(made)
    await begins(julien)
    await julien.sends(attachment=file(made.getvalue(), "annuaire.xlsx"))
    await julien.sees("1 acteur changé")
    await julien.taps("Oui, importer")
    await julien.sees("C’est importé", "1 acteur changé")
    check_manners(stage, words_of_people=("Éco <b>&</b> Santé",))


async def test_what_else_may_come(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await begins(julien)
    for sent, said in (
        ({"text": "voilà"}, "Je ne peux pas lire cela"),
        ({"attachment": Attachment("photo")}, "Je ne peux pas lire cela"),
        ({"attachment": Attachment("voice")}, "Je ne peux pas lire cela"),
        ({"attachment": Attachment("document")}, "Je ne peux pas lire cela"),
        ({"attachment": file(b"", "vide.csv")}, "Ce fichier est vide"),
        ({"attachment": file(b"prenom\nRosa", "liste.csv")}, "colonne « Nom »"),
        ({"attachment": file(b"nom\n" + b"a" * (2 * 1024 * 1024))}, "Il faut moins de 2 Mo"),
        ({"attachment": file(("nom\n" + "\n".join(f"n{each}" for each in range(2001))).encode())}, "trop de lignes"),
    ):
        before = len(julien.messages())
        await julien.sends(**sent)
        assert said in julien.messages()[-1].text.replace("\u202f", " ").replace("\xa0", " "), sent
        assert len(julien.messages()) == before + 1
    assert not [each for each in stage.playground.world.calls if each.method == "getFile" and each.status != 200]
    stage.playground.world.faults.add("5xx", method="getFile")
    await julien.sends(attachment=file(SHEET))
    await julien.sees("Je n’ai pas reçu le fichier")
    await julien.sends(attachment=file(SHEET))
    await julien.sees("2 acteurs nouveaux")
    first = julien.messages()[-1]
    await julien.sends(attachment=file(b"nom\nUne seule"))
    await julien.sees("1 acteur nouveau")
    assert "Quelque chose a changé" in await julien.taps("Oui, importer", on=first)
    await julien.taps("Oui, importer")
    await julien.sees("C’est importé", "1 acteur nouveau")
    assert await count(stage) == 1


async def test_a_document_that_nobody_asked_for_is_not_fetched(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await julien.sends(attachment=file(SHEET))
    await julien.taps("Rien")
    await begins(julien)
    await julien.taps("Annuler")
    await julien.sends(attachment=file(SHEET))
    assert not [each for each in stage.playground.world.calls if each.method == "getFile"]


async def test_whose_role_ends_in_the_middle_imports_nothing(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    rosa = await stage.joined("Rosa", "nord")
    await begins(julien)
    await julien.sends(attachment=file(SHEET))
    await julien.sees("2 acteurs nouveaux")
    actor = await stage.actor(julien)
    async with stage.database.write() as session:
        await session.exec(
            update(RoleGrant).where(col(RoleGrant.person_id) == actor.person_id).values(revoked_at=stage.now())
        )
    assert "Vous ne pouvez pas" in await julien.taps("Oui, importer")
    await rosa.sends("/menu")
    for press in (SheetPress(), ImportSheetPress(1)):
        assert await rosa.forges(press.pack(), on=rosa.messages()[-1])
    assert await count(stage) == 0


async def test_a_preview_survives_a_restart(stage: Stage):
    julien = await stage.joined("Julien", "nord", role=Role.ANIMATOR)
    await begins(julien)
    await julien.sends(attachment=file(SHEET))
    await julien.sees("2 acteurs nouveaux")
    await stage.stop_bot()
    await stage.start_bot()
    await julien.taps("Oui, importer")
    await julien.sees("C’est importé")
    assert await count(stage) == 2
