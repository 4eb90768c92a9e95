"""Joining, played through the real bot."""

from tests.scenes.stage import Stage


async def test_from_the_qr_code_on_the_wall_to_welcome_in_four_taps(stage: Stage):
    rosa = stage.person("Rosa")
    await rosa.starts(await stage.council_link("nord"))
    await rosa.sees("Bonjour")
    print(rosa.texts(), rosa.buttons())
