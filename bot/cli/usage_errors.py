"""A command that is written wrongly: what is wrong, in one sentence, and how it is written."""

from typing import TYPE_CHECKING, Any

from typer import BadParameter, TyperException
from typer.core import TyperOption

from bot.cli.help_page import UnknownCommand, shown_name, usage, what_fits
from bot.cli.sentences import terminal_say

if TYPE_CHECKING:
    from typer._click.core import Context, Parameter


def explain_usage(error: BaseException) -> str | None:
    """What the terminal shows, all of its lines; None for another error."""
    if type(error).__name__ == "NoArgsIsHelpError":
        return str(error)  # the help itself
    if isinstance(error, UnknownCommand):
        return _with_usage(_unknown_command(error), error.context)
    if isinstance(error, TyperException):
        return _with_usage(_wrong_words(error), getattr(error, "ctx", None))
    return None


def _with_usage(sentence: str, context: "Context | None") -> str:
    lines = [f"portevoix: {sentence}"]
    if context is not None:
        say = terminal_say()
        lines.append(say.plain("Utilisation : {usage}", usage=usage(context)))
        lines.append(say.plain("Aide : {command}", command=f"{context.command_path} {context.help_option_names[0]}"))
    return "\n".join(lines)


def _unknown_command(error: UnknownCommand) -> str:
    say = terminal_say()
    if not error.near:
        return say.plain("Cette commande n’existe pas : {word}.", word=error.word)
    near = ", ".join(error.near)
    return say.plain("Cette commande n’existe pas : {word}. Peut-être : {near} ?", word=error.word, near=near)


def _wrong_words(error: TyperException) -> str:
    say = terminal_say()
    told: dict[str, Any] = vars(error)
    match type(error).__name__:  # named, not imported: Typer keeps all but one of these types to itself
        case "NoSuchOption" if told["possibilities"]:
            near = ", ".join(told["possibilities"])
            return say.plain(
                "Cette option n’existe pas : {option}. Peut-être : {near} ?", option=told["option_name"], near=near
            )
        case "NoSuchOption":
            return say.plain("Cette option n’existe pas : {option}.", option=told["option_name"])
        case "BadOptionUsage":
            return say.plain("Cette option ne s’écrit pas ainsi : {option}.", option=told["option_name"])
    if isinstance(error, BadParameter) and error.param is not None:
        missing = type(error).__name__ == "MissingParameter"
        return " ".join([_what_is_wrong(error.param, missing=missing), *what_fits(error.param)])
    return say.plain("Il y a un mot de trop.")


def _what_is_wrong(parameter: "Parameter", *, missing: bool) -> str:
    say = terminal_say()
    name = parameter.opts[-1] if isinstance(parameter, TyperOption) else shown_name(parameter)
    return say.plain("Il manque {name}.", name=name) if missing else say.plain("{name} ne convient pas.", name=name)
