"""The playground's page in a real browser, against a real playground."""

import base64
from pathlib import Path

import aiohttp
from page_scene import AMINA, CLAIRE, TOKEN, YUSUF, Scene, message, phone, ready
from playwright.async_api import expect

import playground
from playground.server import Playground

SAMPLES = Path(playground.__file__).parent / "samples"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


async def test_a_message_arrives_and_is_shown_with_its_formatting(open_page, scene):
    page = await ready(open_page, scene)
    text = (
        "<b>Gras <i>et penché</i></b>, <code>x &lt; 3</code>, <a href='https://example.org/a'>un lien</a>\n"
        "<blockquote>Une loi</blockquote>\nFin 🙂 <u>souligné</u>"
    )
    shown = message(page, await scene.say(text, parse_mode="HTML"))
    await expect(shown.locator("strong")).to_have_text("Gras et penché")
    await expect(shown.locator("strong em")).to_have_text("et penché")
    await expect(shown.locator("code")).to_have_text("x < 3")
    await expect(shown.locator("blockquote")).to_have_text("Une loi")
    await expect(shown.locator("u")).to_have_text("souligné")
    link = shown.get_by_role("link", name="un lien")
    await expect(link).to_have_attribute("href", "https://example.org/a")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")
    await expect(page.locator("#announcer")).to_contain_text("Gras et penché")


async def test_what_people_write_is_never_read_as_html(open_page, scene):
    page = await ready(open_page, scene)
    nasty = "<img src=x onerror=\"document.title='caught'\"> <3"
    entities = [{"type": "text_link", "offset": 0, "length": 4, "url": "javascript:document.title='caught'"}]
    shown = message(page, await scene.say(nasty, entities=entities))
    await expect(shown.locator(".text")).to_have_text(nasty)
    await expect(shown.locator("img, a")).to_have_count(0)
    assert await page.title() == "Telegram sur cette machine"


async def test_a_button_is_pressed_by_keyboard_and_its_answer_shown(open_page, scene):
    page = await ready(open_page, scene)
    keyboard = {
        "inline_keyboard": [[{"text": "Je viens", "callback_data": "yes"}, {"text": "Non", "callback_data": "no"}]]
    }
    sent = await scene.say("Venez-vous ?", reply_markup=keyboard)
    button = message(page, sent).get_by_role("button", name="Je viens", exact=True)
    await button.focus()
    await page.keyboard.press("Enter")
    [update] = await scene.updates()
    query = update["callback_query"]
    assert (query["data"], query["from"]["id"]) == ("yes", AMINA)
    await expect(button).to_have_attribute("aria-busy", "true")
    await scene.bot("answerCallbackQuery", callback_query_id=query["id"], text="C’est noté")
    await expect(phone(page).locator("[data-toast]")).to_have_text("C’est noté")
    await expect(button).not_to_have_attribute("aria-busy", "true")
    await expect(button).to_be_focused()

    await page.keyboard.press("Tab")
    await page.keyboard.press("Space")
    [update] = await scene.updates(update["update_id"] + 1)
    query_id = update["callback_query"]["id"]
    await scene.bot("answerCallbackQuery", callback_query_id=query_id, text="Dommage", show_alert=True)
    alert = phone(page).get_by_role("alertdialog")
    await expect(alert).to_contain_text("Dommage")
    await expect(alert.get_by_role("button")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(alert).to_have_count(0)


async def test_an_edit_replaces_in_place_and_a_deletion_removes(open_page, scene):
    page = await ready(open_page, scene)
    first, second = await scene.say("Un"), await scene.say("Deux")
    await expect(message(page, second)).to_contain_text("Deux")
    await scene.bot("editMessageText", chat_id=AMINA, message_id=first["message_id"], text="Un, corrigé")
    await expect(message(page, first).locator(".text")).to_have_text("Un, corrigé")
    await expect(message(page, first)).to_contain_text("modifié")
    await expect(phone(page).locator(".message .text")).to_have_text(["Un, corrigé", "Deux"])
    await scene.bot("deleteMessage", chat_id=AMINA, message_id=second["message_id"])
    await expect(message(page, second)).to_have_count(0)


async def test_each_phone_has_its_own_language_and_direction(open_page, scene):
    page = await ready(open_page, scene)
    await expect(phone(page, YUSUF)).to_have_attribute("dir", "rtl")
    await expect(phone(page, AMINA)).to_have_attribute("dir", "ltr")
    await expect(phone(page, YUSUF).get_by_role("textbox")).to_have_attribute("placeholder", "رسالة")
    await expect(phone(page, CLAIRE).get_by_role("button", name="START", exact=True)).to_be_visible()
    await phone(page, AMINA).get_by_label("Langue du téléphone").select_option("ar")
    await expect(phone(page, AMINA)).to_have_attribute("dir", "rtl")
    await page.get_by_label("Langue", exact=True).select_option("ar")
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")
    await expect(page.locator("h1")).to_have_text("تيليغرام على هذا الجهاز")
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("dir", "rtl")


async def test_a_narrow_page_shows_one_phone_and_tabs(open_page, scene):
    page = await ready(open_page, scene, width=360, height=740)
    tabs = page.get_by_role("tab")
    await expect(tabs).to_have_count(3)
    await expect(phone(page, AMINA)).to_be_visible()
    await expect(phone(page, YUSUF)).to_be_hidden()
    await scene.say("مرحبا", chat_id=YUSUF)
    await expect(tabs.nth(1).get_by_role("img", name="1 non lu")).to_be_visible()
    await tabs.nth(0).focus()
    await page.keyboard.press("ArrowRight")
    await expect(phone(page, YUSUF)).to_be_visible()
    await expect(phone(page, AMINA)).to_be_hidden()
    await expect(tabs.nth(1)).to_have_attribute("aria-selected", "true")
    await expect(tabs.nth(1).locator(".badge")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") <= 360


async def test_text_is_typed_edited_and_replied_to(open_page, scene):
    page = await ready(open_page, scene)
    asked = await scene.say("Où est-ce ?")
    box = phone(page).get_by_role("textbox", name="Écrire un message")
    await box.fill("Rue des")
    await box.press("Shift+Enter")
    await box.press_sequentially("Lilas")
    await box.press("Enter")
    [update] = await scene.updates()
    assert update["message"]["text"] == "Rue des\nLilas"
    await expect(phone(page).locator(".message.out .text")).to_have_text("Rue des\nLilas")
    await expect(box).to_have_value("")

    await box.press("ArrowUp")
    await expect(box).to_have_value("Rue des\nLilas")
    await box.fill("Rue des Roses")
    await box.press("Enter")
    [update] = await scene.updates(update["update_id"] + 1)
    assert update["edited_message"]["text"] == "Rue des Roses"
    await expect(phone(page).locator(".message.out")).to_contain_text("modifié")

    await message(page, asked).hover()
    await message(page, asked).get_by_role("button", name="Actions sur le message").click()
    await page.get_by_role("menuitem", name="Répondre").click()
    await box.fill("Au marché")
    await phone(page).get_by_role("button", name="Envoyer").click()
    [update] = await scene.updates(update["update_id"] + 1)
    assert update["message"]["reply_to_message"]["message_id"] == asked["message_id"]


async def test_the_attach_menu_sends_samples_and_own_files(open_page, scene):
    page = await ready(open_page, scene)
    attach = phone(page).get_by_role("button", name="Joindre")
    await attach.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("menuitem", name="Photo", exact=True)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(attach).to_be_focused()
    [update] = await scene.updates()
    assert update["message"]["photo"]
    picture = phone(page).get_by_role("button", name="Photo", exact=True).locator("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0

    await attach.click()
    async with page.expect_file_chooser() as chooser:
        await page.get_by_role("menuitem", name="Mes fichiers…").click()
    files = [{"name": f"vue{n}.png", "mimeType": "image/png", "buffer": PIXEL} for n in (1, 2)]
    await (await chooser.value).set_files(files)
    heard = await scene.updates(update["update_id"] + 1)
    if len(heard) == 1:
        heard += await scene.updates(heard[0]["update_id"] + 1)
    assert len({item["message"]["media_group_id"] for item in heard}) == 1
    await expect(phone(page).locator(".album .photo")).to_have_count(2)


async def test_start_carries_the_payload_of_a_link(open_page, scene):
    page = await ready(open_page, scene)
    await phone(page, CLAIRE).get_by_role("button", name="Actions sur le téléphone de Claire").click()
    await page.get_by_role("menuitem", name="Ouvrir un lien t.me").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Lien reçu").fill("https://t.me/essai_bot?start=quartier-5")
    await page.keyboard.press("Enter")
    [update] = await scene.updates()
    assert (update["message"]["text"], update["message"]["from"]["id"]) == ("/start quartier-5", CLAIRE)
    await expect(phone(page, CLAIRE).get_by_role("textbox")).to_be_visible()


async def test_blocking_the_bot_and_coming_back(open_page, scene):
    page = await ready(open_page, scene)
    await phone(page).get_by_role("button", name="Actions sur le téléphone d").click()
    await page.get_by_role("menuitem", name="Bloquer le bot").click()
    back = phone(page).get_by_role("button", name="DÉBLOQUER")
    await expect(back).to_be_visible()
    [update] = await scene.updates()
    assert update["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    await back.click()
    await expect(phone(page).get_by_role("textbox")).to_be_visible()


async def test_the_reply_keyboard_answers_and_goes_away_once_used(open_page, scene):
    page = await ready(open_page, scene)
    keys = [[{"text": "Ma position", "request_location": True}], [{"text": "Rue des Lilas"}]]
    await scene.say("Où ?", reply_markup={"keyboard": keys, "one_time_keyboard": True, "resize_keyboard": True})
    board = phone(page).get_by_role("group", name="Réponses proposées")
    await board.get_by_role("button", name="Rue des Lilas").click()
    [update] = await scene.updates()
    assert update["message"]["text"] == "Rue des Lilas"
    await expect(board).to_have_count(0)
    await phone(page).get_by_role("button", name="Montrer ou cacher les réponses").click()
    await board.get_by_role("button", name="Ma position").click()
    [update] = await scene.updates(update["update_id"] + 1)
    assert set(update["message"]["location"]) >= {"latitude", "longitude"}
    await scene.say("Merci", reply_markup={"remove_keyboard": True})
    await expect(phone(page).get_by_role("button", name="Montrer ou cacher les réponses")).to_be_hidden()


async def test_commands_follow_the_language_of_the_phone(open_page, scene):
    await scene.bot("setMyCommands", commands=[{"command": "agenda", "description": "Les réunions"}])
    arabic = [{"command": "agenda", "description": "الاجتماعات"}]
    await scene.bot("setMyCommands", commands=arabic, language_code="ar", scope={"type": "all_private_chats"})
    page = await ready(open_page, scene)
    await phone(page, YUSUF).get_by_role("button", name="أوامر البوت").click()
    await expect(phone(page, YUSUF).locator(".command")).to_contain_text(["الاجتماعات"])
    await phone(page, AMINA).get_by_role("textbox").press_sequentially("/ag")
    await phone(page, AMINA).get_by_role("button", name="/agenda Les réunions").click()
    [update] = await scene.updates()
    assert (update["message"]["text"], update["message"]["entities"][0]["type"]) == ("/agenda", "bot_command")


async def test_a_group_is_a_second_chat_of_the_phones_of_its_members(open_page, scene):
    members = {"members": [AMINA, CLAIRE], "bot": True, "bot_admin": True, "creator": CLAIRE}
    group = await scene.control("groups", {"title": "Les Tilleuls", "kind": "supergroup", "forum": True} | members)
    page = await ready(open_page, scene)
    await phone(page).get_by_role("button", name="Discussions").click()
    await phone(page).get_by_role("button", name="Les Tilleuls").click()
    topic = await scene.bot("createForumTopic", chat_id=group["id"], name="Éclairage")
    thread = {"message_thread_id": topic["message_thread_id"]}
    await scene.say("Général", chat_id=group["id"])
    await scene.say("Lampadaire", chat_id=group["id"], **thread)
    texts = phone(page).locator(".message .text")
    await expect(texts).to_have_text(["Général", "Lampadaire"])
    await phone(page).get_by_role("button", name="Éclairage", exact=True).click()
    await expect(texts).to_have_text(["Lampadaire"])
    await phone(page).get_by_role("textbox").fill("Réparé")
    await page.keyboard.press("Enter")
    await expect(texts).to_have_text(["Lampadaire", "Réparé"])
    heard = await scene.updates()
    assert heard[-1]["message"]["message_thread_id"] == topic["message_thread_id"]
    first = await scene.say("Plan du quartier", chat_id=group["id"], **thread)
    other = await scene.bot("createForumTopic", chat_id=group["id"], name="Salle")
    second = await scene.say("Clés", chat_id=group["id"], message_thread_id=other["message_thread_id"])
    for sent in (first, second):
        await scene.bot("pinChatMessage", chat_id=group["id"], message_id=sent["message_id"])
    await expect(phone(page).locator(".pinned")).to_contain_text("Plan du quartier")
    await phone(page).get_by_role("button", name="Salle", exact=True).click()
    await expect(phone(page).locator(".pinned")).to_contain_text("Clés")
    await expect(phone(page, CLAIRE).locator(".chat-head .badge")).to_be_visible()


async def test_a_group_that_becomes_a_supergroup_stays_open(open_page, scene):
    members = {"members": [AMINA, CLAIRE], "bot": True, "bot_admin": True, "creator": CLAIRE}
    group = await scene.control("groups", {"title": "Les Tilleuls", "kind": "group", "forum": False} | members)
    page = await ready(open_page, scene)
    await phone(page).get_by_role("button", name="Discussions").click()
    await phone(page).get_by_role("button", name="Les Tilleuls").click()
    moved = await scene.control(f"groups/{group['id']}/upgrade", {})
    await scene.say("Nous voici", chat_id=moved["migrated_to"])
    await expect(phone(page).get_by_role("heading", name="Les Tilleuls")).to_be_visible()
    await expect(phone(page).locator(".message .text")).to_have_text(["Nous voici"])


async def test_the_clock_is_shown_in_full_and_moved(open_page, scene):
    page = await ready(open_page, scene)
    clock = page.get_by_role("group", name="Horloge")
    to_next = clock.get_by_role("button", name="Prochain événement")
    await expect(to_next).to_be_disabled()
    await scene.control("clock", {"to": "2031-03-11T10:00:00Z"})
    await expect(clock.locator("time")).to_have_text("mardi 11 mars 2031 à 11 h 00")
    await clock.get_by_role("button", name="Avancer d’une heure").click()
    await expect(clock.locator("time")).to_have_text("mardi 11 mars 2031 à 12 h 00")
    await clock.get_by_role("button", name="Avancer d’un jour").click()
    await expect(clock.locator("time")).to_have_text("mercredi 12 mars 2031 à 12 h 00")
    await scene.control("clock/next", {"at": "2031-07-14T16:30:00Z", "label": "Rappel"}, method="PUT")
    await expect(clock).to_contain_text("Rappel")
    await to_next.click()
    await expect(clock.locator("time")).to_have_text("lundi 14 juillet 2031 à 18 h 30")


async def test_mail_and_log_open_beside_the_phones(open_page, scene):
    page = await ready(open_page, scene)
    attachment = {"name": "notes.txt", "mime": "text/plain", "base64": base64.b64encode(b"bonjour").decode()}
    letter = {"from": "a@example.org", "to": "b@example.org", "subject": "Compte rendu", "text": "Voici.\nFin."}
    await scene.control("mails", letter | {"attachments": [attachment], "html": "<h1>Titre</h1>"})
    await page.get_by_role("button", name="Courrier : 1 message").click()
    box = page.get_by_role("complementary", name="Courrier")
    await expect(box).to_contain_text("Voici.\nFin.")
    await box.get_by_text("Voir la version mise en page").click()
    await expect(box.frame_locator("iframe").get_by_role("heading", name="Titre")).to_be_visible()
    await expect(box.locator("iframe")).to_have_attribute("sandbox", "")
    async with page.expect_download() as download:
        await box.get_by_role("link", name="Télécharger notes.txt").click()
    assert (await (await download.value).path()).read_bytes() == b"bonjour"
    await scene.session.post(f"{scene.url}/bot{TOKEN}/sendMessage", json={"chat_id": AMINA, "text": ""})
    unknown = {"chat_id": AMINA, "text": "Bonjour", "colour": "green"}  # Telegram takes it, and ignores what it is not
    await scene.session.post(f"{scene.url}/bot{TOKEN}/sendMessage", json=unknown)
    await page.get_by_role("button", name="Journal").click()
    await expect(box).to_be_hidden()
    problems = page.locator("#log .log-entry.problem")
    await expect(problems.filter(has_text="Bad Request: message text is empty")).to_have_count(1)
    await expect(problems.filter(has_text="colour")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Journal")).to_be_focused()


async def test_telegrams_limits_are_switched_on_and_off_by_who_plays(open_page, scene):
    page = await ready(open_page, scene)
    other = await ready(open_page, scene)
    await page.get_by_role("button", name="Journal").click()
    limits = page.get_by_role("checkbox", name="Limites de Telegram")
    await expect(limits).not_to_be_checked()
    await limits.focus()
    await page.keyboard.press("Space")
    await other.get_by_role("button", name="Journal").click()
    await expect(other.get_by_role("checkbox", name="Limites de Telegram")).to_be_checked()
    url = f"{scene.url}/bot{TOKEN}/sendMessage"
    for _ in range(4):
        await scene.session.post(url, json={"chat_id": AMINA, "text": "Vite"})
    refused = page.locator("#log .log-entry.problem")
    await expect(refused.filter(has_text="429")).to_have_count(1)
    await expect(refused).to_contain_text("Too Many Requests: retry after 3")

    await page.reload()
    await page.get_by_role("button", name="Journal").click()
    await expect(limits).to_be_checked()
    await limits.uncheck()
    await expect(other.get_by_role("checkbox", name="Limites de Telegram")).not_to_be_checked()
    await scene.say("Encore")


async def test_a_voice_plays_a_place_is_a_map_and_a_contact_a_card(open_page, scene):
    page = await ready(open_page, scene)
    form = aiohttp.FormData({"chat_id": str(AMINA)})
    form.add_field("voice", SAMPLES.joinpath("voice.ogg").read_bytes(), filename="v.ogg", content_type="audio/ogg")
    async with scene.session.post(f"{scene.url}/bot{TOKEN}/sendVoice", data=form) as answer:
        voice = (await answer.json())["result"]
    bubble = message(page, voice)
    await bubble.get_by_role("button", name="Écouter le message vocal").click()
    await expect(bubble.get_by_role("button", name="Mettre en pause")).to_be_visible()

    place = await scene.bot("sendLocation", chat_id=AMINA, latitude=43.6, longitude=1.44)
    await expect(message(page, place).locator("svg.plan")).to_be_visible()
    await expect(message(page, place)).to_contain_text("43.60000, 1.44000")

    known = await scene.bot("sendContact", chat_id=AMINA, phone_number="+33561000000", first_name="Mairie")
    await expect(message(page, known)).to_contain_text("Mairie")
    await expect(message(page, known)).to_contain_text("+33561000000")


async def test_a_new_person_gets_a_phone_and_phones_are_put_away(open_page, scene):
    page = await ready(open_page, scene)
    choose = page.get_by_role("button", name="Téléphones")
    await choose.click()
    await page.get_by_role("menuitem", name="Ajouter une personne").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Prénom").fill("Elif")
    await dialog.get_by_label("Rôle").fill("Conseillère")
    await dialog.get_by_role("button", name="Ajouter").click()
    await expect(page.get_by_role("region", name="Conseillère – Elif")).to_be_visible()
    await choose.click()
    await page.get_by_role("menuitemcheckbox", name="Agent").click()
    await expect(phone(page, CLAIRE)).to_have_count(0)
    await expect(phone(page, AMINA)).to_be_visible()


async def test_the_page_comes_back_by_itself_when_the_server_does(open_page):
    body = {
        "id": AMINA,
        "first_name": "Amina",
        "role": "Habitante",
        "language_code": "fr",
        "started": True,
        "open": True,
    }
    async with aiohttp.ClientSession() as session:
        async with Playground(host="127.0.0.1", port=0) as first:
            port = first.port
            await Scene(first.url, session).control("phones", body)
            page = await open_page(first.url)
            await expect(phone(page)).to_be_visible()
        async with Playground(host="127.0.0.1", port=port) as second:
            await Scene(second.url, session).control("phones", body | {"role": "Revenue"})
            await expect(page.get_by_role("region", name="Revenue – Amina")).to_be_visible()
