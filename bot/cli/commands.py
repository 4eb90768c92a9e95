"""The commands and their options (design.md, section 4)."""

import asyncio
import gc
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.help_page import SpokenCommand, SpokenCommands
from bot.cli.sentences import terminal_say
from storage.role_names import Role

say = terminal_say()
app = typer.Typer(
    name="portevoix",
    cls=SpokenCommands,
    subcommand_metavar=say.plain("COMMANDE [ARGUMENTS]"),
    rich_markup_mode=None,
    help=say.plain("Porte-voix : le bot Telegram des conseils citoyens."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_command = partial(app.command, cls=SpokenCommand)
_NAME, _NUMBER, _FILE = say.plain("NOM"), say.plain("NOMBRE"), say.plain("FICHIER")


class ShippedProgramme(StrEnum):
    """Programmes that come with the project."""

    TOULOUSE = "toulouse"
    PARIS = "paris"


@_command(help=say.plain("Montre tout sur cette machine, dans le navigateur, sans Telegram."))
def demo(
    programme: Annotated[
        ShippedProgramme, typer.Option(metavar=_NAME, help=say.plain("Le programme à montrer."))
    ] = ShippedProgramme.TOULOUSE,
    port: Annotated[int, typer.Option(min=0, max=65535, metavar=_NUMBER, help=say.plain("Le port de la page."))] = 8181,
    no_open: Annotated[bool, typer.Option("--no-open", help=say.plain("N’ouvre pas le navigateur."))] = False,
) -> None:
    from bot.demo.demonstration import show

    raise typer.Exit(show(programme.value, port, open_browser=not no_open))


@_command(help=say.plain("Fait tourner le bot, jusqu’à Ctrl-C."))
def run() -> None:
    # A start makes a million objects that stay: to look among them for garbage, again and again, takes a sixth of it.
    gc.disable()
    from bot import loop
    from bot.cli.running import run_bot

    loop.run(run_bot())


@_command(help=say.plain("Met le programme en place, ou le met à jour : toulouse, paris, ou un fichier .toml."))
def init(
    programme: Annotated[
        str, typer.Argument(metavar=say.plain("PROGRAMME"), help=say.plain("Un nom, ou le chemin d’un fichier."))
    ],
) -> None:
    from bot.cli.setting_up import init_programme

    asyncio.run(init_programme(programme))


@_command(help=say.plain("Crée une invitation, et montre son lien."))
def invite(
    role: Annotated[Role, typer.Argument(metavar=say.plain("RÔLE"), help=say.plain("Le rôle que donne l’invitation."))],
    council: Annotated[
        str | None, typer.Option(metavar=say.plain("CODE"), help=say.plain("Le code du conseil."))
    ] = None,
    uses: Annotated[
        int, typer.Option(min=1, metavar=_NUMBER, help=say.plain("Combien de personnes peuvent s’en servir."))
    ] = 1,
) -> None:
    from bot.cli.setting_up import invite_somebody

    asyncio.run(invite_somebody(role, council, uses))


@_command("import-quartiers", help=say.plain("Lit les contours des quartiers dans un fichier GeoJSON."))
def import_quartiers(
    file: Annotated[Path, typer.Argument(metavar=_FILE, help=say.plain("Le fichier GeoJSON."))],
) -> None:
    from bot.cli.setting_up import import_neighbourhoods

    asyncio.run(import_neighbourhoods(file))


@_command(help=say.plain("Met la base de données à jour."))
def migrate() -> None:
    from bot.cli.setting_up import migrate_database

    asyncio.run(migrate_database())


@_command(help=say.plain("Examine l’installation, et dit quoi corriger."))
def doctor() -> None:
    from bot.cli.caring import examine_installation

    raise typer.Exit(asyncio.run(examine_installation()))


@_command(help=say.plain("Copie toute la base dans un fichier."))
def backup(
    file: Annotated[Path, typer.Argument(metavar=_FILE, help=say.plain("Le fichier à créer."))],
) -> None:
    from bot.cli.caring import back_up

    asyncio.run(back_up(file))


@_command(help=say.plain("Remet une copie dans une base vide."))
def restore(
    file: Annotated[Path, typer.Argument(metavar=_FILE, help=say.plain("Le fichier d’une copie."))],
) -> None:
    from bot.cli.caring import bring_back

    asyncio.run(bring_back(file))
