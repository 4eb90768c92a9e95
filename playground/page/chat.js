// One chat on one phone's screen: its head, its messages and its composer.
import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { Composer } from "./composer.js";
import { phoneAlert } from "./dialogs.js";
import { h, icon, iconButton } from "./dom.js";
import { botLink, isTelegramUrl, safeUrl } from "./links.js";
import { preview } from "./media.js";
import { openMenu } from "./menu.js";
import { MessageList } from "./messages.js";
import { isPrivate } from "./state.js";

const REACTIONS = ["👍", "❤️", "🎉", "🙏", "😢"];
const TOAST_MS = 4500;

export class Chat {
  // host: {store, t, phoneId, screen, goBack(), openChat(key), otherUnread()}
  constructor(host, key) {
    Object.assign(this, { host, key, store: host.store, t: host.t, thread: null });
    const { t } = host;
    const hintId = `hint-${host.phoneId}`;
    this.list = new MessageList({ ...this.bubbleContext(), hintId });
    this.composer = new Composer(this.composerContext());
    this.title = h("h3", { class: "chat-title", dir: "auto" });
    this.status = h("span", { class: "chat-status" });
    this.backBadge = h("span", { class: "badge" });
    this.back = iconButton("back", t("phone.chats"), () => host.goBack(), { class: "back" });
    this.back.append(this.backBadge);
    this.face = h("span", { class: "face" });
    this.pinned = h("button", { type: "button", class: "pinned", hidden: true, on: { click: () => this.goToPinned() } });
    this.topics = h("div", { class: "topics", role: "group", "aria-label": t("phone.topics"), hidden: true });
    this.toast = h("div", { class: "toast-place", role: "status" });
    this.node = h(
      "div",
      { class: "chat" },
      h("header", { class: "chat-head" }, this.back, this.face, h("div", { class: "chat-names" }, this.title, this.status)),
      this.pinned,
      this.topics,
      h("p", { class: "visually-hidden", id: hintId }, t("phone.messagesHint")),
      this.list.node,
      this.toast,
      this.composer.node,
    );
  }

  get phone() {
    return this.store.phones.get(this.host.phoneId);
  }

  get chat() {
    return this.store.chats.get(this.key);
  }

  get bot() {
    return this.store.botOf(this.chat);
  }

  // What tells the server which chat is meant: a private chat is named by its bot.
  where(chat = this.chat) {
    return isPrivate(chat) ? { chat_id: chat.id, bot: chat.bot_id } : { chat_id: chat.id };
  }

  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.showToast(error.message || this.t("page.failed"), true);
      return null;
    }
  }

  send(body) {
    this.list.pinned = true;
    return this.attempt(() => api.send(this.host.phoneId, { kind: "text", ...this.where(), ...(this.thread && { thread_id: this.thread }), ...body }));
  }

  start(payload, chat = this.chat) {
    return this.send({ kind: "start", ...this.where(chat), ...(payload && { payload }) });
  }

  bubbleContext() {
    const { t } = this;
    const chat = this;
    return {
      t,
      get group() {
        return !isPrivate(chat.chat);
      },
      now: () => this.store.now(),
      safeUrl,
      isTelegramUrl,
      openUrl: (url) => this.openUrl(url),
      sendText: (text) => this.send({ text }),
      jump: (id) => this.list.jump(id),
      topicOf: (message) => (this.thread ? null : this.chat.topics.find((topic) => topic.message_thread_id === message.message_thread_id)),
      actions: (message, anchor) => openMenu(anchor, t("phone.messageActions"), this.actionsOf(message)),
      keyboardOf: (message) => ({
        press: (row, col) => this.attempt(() => api.press(this.host.phoneId, { ...this.where(), message_id: message.message_id, row, col })),
        openUrl: (url) => this.openUrl(url),
        copy: (text) => this.copy(text),
        unsupported: () => this.showToast(t("phone.unsupported")),
      }),
    };
  }

  composerContext() {
    return {
      t: this.t,
      phone: () => this.phone,
      chat: () => this.chat,
      bot: () => this.bot,
      send: (body) => this.send(body),
      edit: (message, text) => this.edit(message, text),
      editLast: () => this.editLast(),
      start: () => this.start(),
      unblock: () => this.attempt(() => api.unblock(this.host.phoneId, { bot: this.chat.bot_id })),
      toast: (text) => this.showToast(text),
      menu: openMenu,
    };
  }

  edit(message, text) {
    const field = message.text === undefined ? "caption" : "text";
    return this.attempt(() => api.edit(this.host.phoneId, { ...this.where(), message_id: message.message_id, [field]: text }));
  }

  isOwn(message) {
    return message.from?.id === this.host.phoneId && !message.sender_chat;
  }

  editLast() {
    const own = [...this.chat.messages.values()].filter((message) => this.isOwn(message) && (message.text ?? message.caption));
    if (own.length) this.composer.setTarget({ kind: "edit", message: own.at(-1) });
  }

  actionsOf(message) {
    const { t } = this;
    const text = message.text ?? message.caption;
    const mine = (message.reactions ?? []).find(({ user_id: id }) => id === this.host.phoneId)?.reaction[0]?.emoji;
    const react = (emoji) => this.attempt(() => api.react(this.host.phoneId, { ...this.where(), message_id: message.message_id, emoji: emoji === mine ? null : emoji }));
    const remove = () => this.attempt(() => api.remove(this.host.phoneId, { ...this.where(), message_ids: [message.message_id] }));
    return [
      { label: t("phone.react"), row: REACTIONS.map((emoji) => ({ label: emoji, name: t("phone.reactWith", { emoji }), compact: true, act: () => react(emoji) })) },
      { separator: true },
      { icon: "reply", label: t("phone.reply"), act: () => this.composer.setTarget({ kind: "reply", message }) },
      this.isOwn(message) && text && { icon: "edit", label: t("phone.edit"), act: () => this.composer.setTarget({ kind: "edit", message }) },
      text && { icon: "copy", label: t("phone.copy"), act: () => this.copy(text) },
      { icon: "trash", label: t("phone.delete"), danger: true, act: remove },
    ];
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.showToast(this.t("phone.copied"));
    } catch {
      // without leave to write to the clipboard, show the text so that it can be taken by hand
      this.showAlert(text);
    }
  }

  openUrl(url) {
    const address = safeUrl(url);
    const link = botLink(url);
    if (!address) return this.showToast(this.t("phone.badLink"));
    if (!link) return isTelegramUrl(address) ? this.showToast(this.t("phone.unsupported")) : window.open(address, "_blank", "noopener");
    const bot = this.store.botNamed(link.username);
    if (!bot) return this.showToast(this.t("phone.unknownBot", { name: link.username }));
    const target = this.store.chatsOf(this.host.phoneId).find((chat) => isPrivate(chat) && chat.bot_id === bot.id);
    this.host.openChat(target.key);
    return link.start !== null && this.start(link.start, target);
  }

  goToPinned() {
    this.list.jump(this.pinnedHere());
  }

  // each topic has pinned messages of its own
  pinnedHere() {
    const { chat, thread } = this;
    return chat.pinned.find((id) => !thread || chat.messages.get(id)?.message_thread_id === thread);
  }

  showToast(text, isProblem = false) {
    const node = h("div", { class: ["toast", isProblem && "problem"], dir: "auto", dataset: { toast: "" } }, text);
    this.toast.replaceChildren(node);
    setTimeout(() => node.remove(), TOAST_MS + text.length * 40);
  }

  showAlert(text) {
    phoneAlert(this.host.screen, text, this.t);
  }

  answer({ text, show_alert: alert, url }) {
    if (url) this.openUrl(url);
    if (!text) return;
    if (alert) this.showAlert(text);
    else this.showToast(text);
  }

  updateHead() {
    const { chat, store, t } = this;
    const title = store.titleOf(chat);
    const typing = chat.action && performance.now() < chat.action.until;
    const members = chat.members.filter(({ status }) => !["left", "kicked"].includes(status)).length;
    this.title.textContent = title;
    this.face.replaceChildren(avatar(title, isPrivate(chat) ? chat.bot_id : chat.id));
    this.status.classList.toggle("typing", Boolean(typing));
    if (typing) this.status.textContent = t(chat.action.name === "typing" ? "phone.typing" : "phone.sending");
    else this.status.textContent = isPrivate(chat) ? t("phone.bot") : t("phone.members", { n: members });
    this.back.hidden = store.chatsOf(this.host.phoneId).length < 2;
    const unread = this.host.otherUnread();
    this.backBadge.hidden = !unread;
    this.backBadge.textContent = unread;
    this.back.setAttribute("aria-label", unread ? t("phone.chatsUnread", { n: unread }) : t("phone.chats"));
  }

  updatePinned() {
    const message = this.chat.messages.get(this.pinnedHere());
    this.pinned.hidden = !message;
    if (message) this.pinned.replaceChildren(icon("pin"), h("span", {}, h("strong", {}, this.t("phone.pinned")), h("span", { dir: "auto" }, preview(message, this.t))));
  }

  updateTopics() {
    const { chat, t } = this;
    this.topics.hidden = !chat.is_forum;
    if (!chat.is_forum) return;
    if (this.thread && !chat.topics.some((topic) => topic.message_thread_id === this.thread)) this.thread = null;
    const chip = (name, thread) => h("button", { type: "button", class: "topic", "aria-pressed": String(this.thread === thread), dir: "auto", dataset: { thread: thread ?? "" }, on: { click: () => this.chooseTopic(thread) } }, name);
    const held = this.topics.contains(document.activeElement) && document.activeElement.dataset.thread;
    this.topics.replaceChildren(chip(t("phone.allTopics"), null), ...chat.topics.map((topic) => chip(topic.closed ? `${topic.name} 🔒` : topic.name, topic.message_thread_id)));
    if (held !== false) this.topics.querySelector(`[data-thread="${held}"]`)?.focus();
  }

  chooseTopic(thread) {
    this.thread = thread;
    this.list.clear();
    this.update();
  }

  update(options) {
    const { chat } = this;
    this.updateHead();
    this.updatePinned();
    this.updateTopics();
    const messages = [...chat.messages.values()].filter((message) => !this.thread || message.message_thread_id === this.thread);
    this.list.update(messages, this.host.phoneId, options);
    this.updateEmpty(messages.length);
    this.composer.update(chat, this.store.replyMarkup(chat, this.host.phoneId));
  }

  updateEmpty(count) {
    this.list.node.querySelector(".empty")?.remove();
    if (count || !isPrivate(this.chat)) return;
    const text = this.bot?.description || this.t("phone.empty");
    this.list.node.append(h("div", { class: "empty" }, avatar(this.store.titleOf(this.chat), this.chat.bot_id), h("p", { dir: "auto" }, text)));
  }
}
