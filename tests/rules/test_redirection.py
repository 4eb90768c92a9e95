"""What partners read of a request that is redirected: a theme of the directory, and no words of who asked."""

import pytest
from promise_scenes import animator_of, change
from team_scenes import ask

from council.mails import MailWords
from council.resource_actors import add_actor
from council.support_redirect import Redirection, redirect


@pytest.mark.parametrize(("asked", "told"), [("mon divorce, Rosa Diallo", None), ("sante", "Santé"), (None, None)])
async def test_only_a_theme_of_the_directory_is_told(programme, asked, told):
    julien = await animator_of(programme, programme.nord)
    rosa = await programme.person("Rosa", follows=(programme.nord,))
    request = await ask(programme, rosa)
    await change(programme, request, theme=asked)
    written: list[Redirection] = []

    def letter(redirection: Redirection) -> MailWords:
        written.append(redirection)
        return MailWords("Objet", "Texte")

    async with programme.database.write() as session:
        entry = await add_actor(session, programme.clock, julien, "Point Santé", ["Santé"])
        await redirect(session, programme.clock, programme.settings, julien, request.id, entry, letter)
    assert [each.theme for each in written] == [told]
