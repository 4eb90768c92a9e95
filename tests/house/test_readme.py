"""What the README lists is what there is: settings, commands of program and chat, rules of a programme."""

import re
from pathlib import Path

import typer

from bot.cli.commands import app
from bot.settings import PREFIX, Settings
from council.interpellation_settings import InterpellationSettings
from council.proposal_settings import ProposalSettings
from council.settings import Delays
from council.support_settings import SupportSettings
from handlers.commands import RoleGroup, commands_for
from locales.translator import REFERENCE, translator

README = (Path(__file__).parents[2] / "README.md").read_text()


def section(title: str) -> str:
    """From this heading to the next of any size."""
    return re.split(r"^#+ ", README.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def listed(text: str) -> dict[str, str]:
    """The names of the first column of a table, each with the rest of its line."""
    rows = re.findall(r"^\| (`[^|]+) \|(.*)\|$", text, re.MULTILINE)
    return {name: rest for names, rest in rows for name in re.findall(r"`([^`]+)`", names)}


def test_every_setting_is_listed_with_its_default():
    rows = listed(section("Settings"))
    assert rows.keys() == {PREFIX + name.upper() for name in Settings.model_fields}
    usual = Settings(_env_file=None)
    for name in ("database_url", "listen", "rate_global", "rate_group", "log_format", "log_level"):
        assert str(getattr(usual, name)) in rows[PREFIX + name.upper()]


def test_every_command_of_the_program_is_listed():
    names = {each.split()[0] for each in listed(section("Operate"))} - {"PROGRAMME", "FILE"}
    assert names == typer.main.get_command(app).commands.keys()


def test_every_command_of_the_chat_is_listed():
    said = set(re.findall(r"`/(\w+)`", section("Operate")))
    assert said == {name for group in RoleGroup for name, _ in commands_for(group, translator(REFERENCE))}


def test_every_key_of_a_programmes_rules_is_listed_with_its_default():
    rows = listed(section("Your own programme"))
    parts = {"": SupportSettings(), "proposals.": ProposalSettings(), "interpellations.": InterpellationSettings()}
    for prefix, part in (*parts.items(), ("delays.", Delays())):
        for name in type(part).model_fields.keys() - {"answers"}:  # these are tables of their own
            usual = getattr(part, name)
            assert ("none" if usual == () else str(usual)) in rows[prefix + name], name
