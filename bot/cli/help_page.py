"""What --help shows: Typer lays it out, and says it in English alone; the words here are the reader's."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

from bot.cli.sentences import terminal_say

if TYPE_CHECKING:
    from typer._click.core import Command, Context, Parameter
    from typer._click.formatting import HelpFormatter


class UnknownCommand(Exception):
    """A word that is no command; `near` are commands that look like it."""

    def __init__(self, context: "Context", word: str, near: Sequence[str]) -> None:
        super().__init__(word)
        self.context, self.word, self.near = context, word, near


class SpokenCommand(TyperCommand):
    """A command whose help is in the reader's language."""

    def format_usage(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: "Context") -> TyperOption | None:
        return _spoken(super().get_help_option(ctx))

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        _write_parameters(self, ctx, formatter)


class SpokenCommands(TyperGroup):
    """All the commands, with help in the reader's language."""

    def format_usage(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        _write_usage(self, ctx, formatter)

    def get_help_option(self, ctx: "Context") -> TyperOption | None:
        return _spoken(super().get_help_option(ctx))

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        _write_parameters(self, ctx, formatter)
        with formatter.section(_heading(terminal_say().plain("Commandes :"))):
            formatter.write_dl([(name, command.help or "") for name, command in self.commands.items()])

    def resolve_command(self, ctx: "Context", args: list[str]) -> tuple[str | None, "Command | None", list[str]]:
        """As it is written. Raises UnknownCommand."""
        if args[0] not in self.commands:
            from difflib import get_close_matches

            raise UnknownCommand(ctx, args[0], get_close_matches(args[0], self.commands))
        return super().resolve_command(ctx, args)


def usage(context: "Context") -> str:
    """How the command is written: "portevoix invite [OPTIONS] {RÔLE}"."""
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])


def shown_name(parameter: "Parameter") -> str:
    """What stands for its value: "RÔLE"."""
    return parameter.metavar or parameter.name or ""


def what_fits(parameter: "Parameter") -> list[str]:
    """One sentence on the values that it may have, when these are limited."""
    if not isinstance(parameter, TyperArgument | TyperOption):
        return []
    say = terminal_say()
    if among := parameter.type_descriptor.choices:
        return [say.plain("Au choix : {choices}.", choices=", ".join(map(str, among)))]
    if parameter.max is not None:
        return [say.plain("Un nombre de {least} à {most}.", least=f"{parameter.min or 0:g}", most=f"{parameter.max:g}")]
    if parameter.min is not None:
        return [say.plain("Un nombre, au moins {least}.", least=f"{parameter.min:g}")]
    return []


def _write_usage(command: "Command", ctx: "Context", formatter: "HelpFormatter") -> None:
    prefix = terminal_say().plain("Utilisation :")
    formatter.write_usage(ctx.command_path, " ".join(command.collect_usage_pieces(ctx)), prefix=f"{prefix} ")


def _spoken(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.help = terminal_say().plain("Montre cette aide, puis s’arrête.")
    return option


def _write_parameters(command: "Command", ctx: "Context", formatter: "HelpFormatter") -> None:
    say = terminal_say()
    parameters = command.get_params(ctx)
    arguments = [(shown_name(each), _words(each)) for each in parameters if isinstance(each, TyperArgument)]
    options = [(_written(each), _words(each)) for each in parameters if isinstance(each, TyperOption)]
    for title, rows in ((say.plain("Arguments :"), arguments), (say.plain("Options :"), options)):
        if rows:
            with formatter.section(_heading(title)):
                formatter.write_dl(rows)


def _heading(words: str) -> str:
    """Without its colon, which the formatter sets: in French a space goes before it."""
    return words.removesuffix(":")


def _written(option: TyperOption) -> str:
    return " ".join([", ".join(option.opts), *([] if option.is_flag else [shown_name(option)])])


def _words(parameter: TyperArgument | TyperOption) -> str:
    said = [parameter.help or "", *what_fits(parameter)]
    if isinstance(parameter, TyperOption) and not parameter.is_flag and parameter.default is not None:
        said.append(terminal_say().plain("Sinon {value}.", value=str(parameter.default)))
    return " ".join(said)
