// The page's copy of the server's world. The rest of the page reads this and never the server's JSON.

const LOG_KEPT = 200;
const MESSAGES_KEPT = 400;
const TYPING_MS = 5000;
const GONE = new Set(["left", "kicked"]);

export const isPrivate = (chat) => chat.type === "private";
export const messageDate = (message) => new Date(message.date * 1000);
export const fullName = (person) => [person?.first_name, person?.last_name].filter(Boolean).join(" ");
export const isMember = (chat, id) => chat.members.some((member) => member.user.id === id && !GONE.has(member.status));

export class Store extends EventTarget {
  constructor() {
    super();
    this.seq = 0;
    this.clock = { now: Date.now(), at: performance.now(), nextEvent: null, label: "" };
    this.bots = new Map();
    this.phones = new Map();
    this.chats = new Map();
    this.mails = [];
    this.log = [];
    this.flood = { on: false };
  }

  emit(name, detail = {}) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  on(name, listener, signal) {
    this.addEventListener(name, (event) => listener(event.detail), { signal });
  }

  load(snapshot) {
    this.seq = snapshot.seq;
    this.setClock(snapshot.clock);
    this.bots = new Map(snapshot.bots.map((bot) => [bot.id, bot]));
    this.phones = new Map(snapshot.phones.map((phone) => [phone.id, phone]));
    this.chats = new Map();
    for (const chat of snapshot.chats) this.putChat(chat);
    this.mails = [...snapshot.mails];
    this.log = [...snapshot.log];
    this.flood = snapshot.flood;
    this.emit("reset");
  }

  setClock(clock) {
    const next = clock.next_event ? new Date(clock.next_event) : null;
    this.clock = { now: Date.parse(clock.now), at: performance.now(), nextEvent: next, label: clock.next_label ?? "" };
  }

  now() {
    return new Date(this.clock.now + performance.now() - this.clock.at);
  }

  putChat(raw) {
    const known = this.chats.get(raw.key);
    const chat = { members: [], topics: [], pinned: [], messages: new Map(), ...known, ...raw };
    if (Array.isArray(raw.messages)) chat.messages = new Map(raw.messages.map((message) => [message.message_id, message]));
    this.chats.set(raw.key, chat);
    return chat;
  }

  // A bot's private chat exists for the phone before the first word: that is where its START button is.
  chatsOf(phoneId) {
    for (const bot of this.bots.values()) {
      const key = `p:${bot.id}:${phoneId}`;
      if (!this.chats.has(key)) this.putChat({ key, id: phoneId, type: "private", bot_id: bot.id, phone_id: phoneId, started: false, blocked: false });
    }
    const own = [...this.chats.values()].filter((chat) => (isPrivate(chat) ? chat.phone_id === phoneId : isMember(chat, phoneId) && !chat.migrated_to));
    return own.sort((left, right) => Number(isPrivate(right)) - Number(isPrivate(left)));
  }

  botOf(chat) {
    return this.bots.get(chat.bot_id) ?? this.bots.values().next().value;
  }

  botNamed(username) {
    const wanted = username.toLowerCase();
    return [...this.bots.values()].find((bot) => bot.username.toLowerCase() === wanted);
  }

  titleOf(chat) {
    return isPrivate(chat) ? (this.botOf(chat)?.first_name ?? "…") : chat.title;
  }

  lastMessage(chat) {
    return [...chat.messages.values()].at(-1);
  }

  // The message whose reply keyboard or forced reply is the one in force for this person.
  replyMarkup(chat, phoneId) {
    for (const message of [...chat.messages.values()].reverse()) {
      const markup = message.reply_markup;
      if (!markup || markup.inline_keyboard) continue;
      if (markup.selective && !isPrivate(chat) && message.reply_to_message?.from?.id !== phoneId) continue;
      return markup.remove_keyboard ? null : message;
    }
    return null;
  }

  apply(event) {
    if (event.type === "reset") return this.emit("stale");
    if (event.seq <= this.seq) return undefined;
    this.seq = event.seq;
    return this[`on_${event.type}`]?.(event);
  }

  on_message({ chat: key, message }) {
    const chat = this.chats.get(key);
    if (!chat) return;
    chat.messages.set(message.message_id, message);
    if (chat.messages.size > MESSAGES_KEPT) chat.messages.delete(chat.messages.keys().next().value);
    chat.action = null;
    this.emit("chat", { key, message });
  }

  on_edited({ chat: key, message }) {
    const chat = this.chats.get(key);
    const known = chat?.messages.get(message.message_id);
    if (!known) return;
    chat.messages.set(message.message_id, { reactions: known.reactions, ...message });
    this.emit("chat", { key, edited: message });
  }

  on_deleted({ chat: key, message_ids: ids }) {
    const chat = this.chats.get(key);
    if (!chat) return;
    for (const id of ids) chat.messages.delete(id);
    this.emit("chat", { key });
  }

  on_reaction({ chat: key, message_id: id, reactions }) {
    const message = this.chats.get(key)?.messages.get(id);
    if (!message) return;
    this.chats.get(key).messages.set(id, { ...message, reactions });
    this.emit("chat", { key });
  }

  on_chat_action({ chat: key, action }) {
    const chat = this.chats.get(key);
    if (!chat) return;
    chat.action = { name: action, until: performance.now() + TYPING_MS };
    this.emit("action", { key });
    setTimeout(() => this.emit("action", { key }), TYPING_MS + 50);
  }

  on_callback_answer(event) {
    this.emit("answer", event);
  }

  on_commands({ bot }) {
    this.bots.set(bot.id, bot);
    this.emit("bot");
  }

  on_phone({ phone }) {
    this.phones.set(phone.id, phone);
    this.emit("phone", { id: phone.id });
  }

  on_chat({ chat }) {
    this.putChat(chat);
    this.emit("chat", { key: chat.key, changed: true });
  }

  on_clock({ clock }) {
    this.setClock(clock);
    this.emit("clock");
  }

  on_flood({ flood }) {
    this.flood = flood;
    this.emit("flood");
  }

  on_mail({ mail }) {
    this.mails.push(mail);
    this.emit("mail", { mail });
  }

  on_log({ entry }) {
    this.log.push(entry);
    if (this.log.length > LOG_KEPT) this.log.shift();
    this.emit("log");
  }
}
