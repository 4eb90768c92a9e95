"""`portevoix doctor`, `backup`, `restore`: keeping a deployment well."""

from pathlib import Path

import typer

from bot.cli.sentences import terminal_say
from bot.cli.setting_up import open_database
from bot.operations.backup import backup, restore
from bot.operations.doctor import examine, worst
from bot.operations.doctor_sentences import finding_sentence
from bot.operations.findings import Level
from bot.settings import WrongSetting, read_settings
from bot.settings_sentences import setting_sentence
from storage.migrate import migrate

say = terminal_say()

_MARKS = {Level.OK: "✓", Level.WARNING: "!", Level.ERROR: "✗"}


async def examine_installation() -> int:
    """Prints a line a finding; 1 when something keeps the bot from serving people."""
    try:
        findings = await examine(read_settings())
    except WrongSetting as wrong:
        typer.echo(f"{_MARKS[Level.ERROR]} {setting_sentence(wrong, say)}")
        return 1
    for finding in findings:
        typer.echo(f"{_MARKS[finding.level]} {finding_sentence(finding, say)}")
    return int(worst(findings) is Level.ERROR)


async def back_up(path: Path) -> None:
    """Copies everything into `path`. Raises BackupRefused."""
    async with open_database(read_settings(), tables=False) as database:
        report = await backup(database, path)
    typer.echo(say.plain("Copie faite : {path}.", path=path))
    typer.echo(say.plural("{n} ligne.", "{n} lignes.", report.total).unescape())


async def bring_back(path: Path) -> None:
    """Fills an empty database from `path`, then brings it to the newest tables. Raises BackupRefused."""
    async with open_database(read_settings(), tables=False) as database:
        report = await restore(database, path)
        await migrate(database)
    typer.echo(say.plain("La copie est remise en place."))
    typer.echo(say.plural("{n} ligne.", "{n} lignes.", report.total).unescape())
    if report.waiting:
        waiting = say.plural(
            "{n} message partira au démarrage.", "{n} messages partiront au démarrage.", report.waiting
        )
        typer.echo(waiting.unescape())
