"""All routers, in the order in which they are asked: the most used first, and `unplaced`, which takes all, last."""

from importlib import import_module

from aiogram import Dispatcher

FEATURES = (
    "meetings",
    "home",
    "joining",
    "meeting_form",
    "announcements",
    "invitations",
    "team",
    "councils",
    "profile",
    "privacy",
    "help",
    "dialogues",
    "groups",
    "unplaced",
)


def dispatcher() -> Dispatcher:
    """A dispatcher with every feature; the dialogue is ours (storage/dialogues.py), so aiogram's FSM is off."""
    made = Dispatcher(disable_fsm=True)
    made.include_routers(*(import_module(f"handlers.{feature}").router for feature in FEATURES))
    return made
