"""The commands and their options (design.md, section 4)."""

import asyncio
import gc
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.sentences import terminal_say
from storage.role_names import Role

say = terminal_say()
app = typer.Typer(
    name="portevoix",
    help=say.plain("Porte-voix : le bot Telegram des conseils citoyens."),
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


class ShippedProgramme(StrEnum):
    """Programmes that come with the project."""

    TOULOUSE = "toulouse"
    PARIS = "paris"


@app.command(help=say.plain("Montre tout sur cette machine, dans le navigateur, sans Telegram."))
def demo(
    programme: Annotated[ShippedProgramme, typer.Option(help=say.plain("Le programme à montrer."))] = (
        ShippedProgramme.TOULOUSE
    ),
    port: Annotated[int, typer.Option(min=0, max=65535, help=say.plain("Le port de la page."))] = 8181,
    no_open: Annotated[bool, typer.Option("--no-open", help=say.plain("N’ouvre pas le navigateur."))] = False,
) -> None:
    from bot.demo.demonstration import show

    raise typer.Exit(show(programme.value, port, open_browser=not no_open))


@app.command(help=say.plain("Fait tourner le bot, jusqu’à Ctrl-C."))
def run() -> None:
    # A start makes a million objects that stay: to look among them for garbage, again and again, takes a sixth of it.
    gc.disable()
    from bot import loop
    from bot.cli.running import run_bot

    loop.run(run_bot())


@app.command(help=say.plain("Met le programme en place, ou le met à jour : toulouse, paris, ou un fichier .toml."))
def init(programme: Annotated[str, typer.Argument()]) -> None:
    from bot.cli.setting_up import init_programme

    asyncio.run(init_programme(programme))


@app.command(help=say.plain("Crée une invitation, et montre son lien."))
def invite(
    role: Annotated[Role, typer.Argument()],
    council: Annotated[str | None, typer.Option(help=say.plain("Le code du conseil."))] = None,
    uses: Annotated[int, typer.Option(min=1, help=say.plain("Combien de personnes peuvent s’en servir."))] = 1,
) -> None:
    from bot.cli.setting_up import invite_somebody

    asyncio.run(invite_somebody(role, council, uses))


@app.command("import-quartiers", help=say.plain("Lit les contours des quartiers dans un fichier GeoJSON."))
def import_quartiers(file: Annotated[Path, typer.Argument()]) -> None:
    from bot.cli.setting_up import import_neighbourhoods

    asyncio.run(import_neighbourhoods(file))


@app.command(help=say.plain("Met la base de données à jour."))
def migrate() -> None:
    from bot.cli.setting_up import migrate_database

    asyncio.run(migrate_database())


@app.command(help=say.plain("Examine l’installation, et dit quoi corriger."))
def doctor() -> None:
    from bot.cli.caring import examine_installation

    raise typer.Exit(asyncio.run(examine_installation()))


@app.command(help=say.plain("Copie toute la base dans un fichier."))
def backup(file: Annotated[Path, typer.Argument()]) -> None:
    from bot.cli.caring import back_up

    asyncio.run(back_up(file))


@app.command(help=say.plain("Remet une copie dans une base vide."))
def restore(file: Annotated[Path, typer.Argument()]) -> None:
    from bot.cli.caring import bring_back

    asyncio.run(bring_back(file))
