// One person's phone: whose it is, the list of chats and the open chat.
import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { Chat } from "./chat.js";
import { ask } from "./dialogs.js";
import { h, icon, iconButton } from "./dom.js";
import { PHONE_LANGUAGES, base, direction, shortTime, translator } from "./i18n.js";
import { preview } from "./media.js";
import { openMenu } from "./menu.js";
import { fullName, isPrivate, messageDate } from "./state.js";

export class Phone {
  // page: {store, t, isShown(id), unreadChanged()}
  constructor(page, phoneId) {
    const data = page.store.phones.get(phoneId);
    Object.assign(this, { page, phoneId, store: page.store, language: data.language_code, unread: new Map() });
    this.t = translator(data.language_code);
    this.screen = h("div", { class: "screen" });
    this.statusTime = h("span", {});
    this.owner = h("header", { class: "owner", lang: page.t.language, dir: direction(page.t.language) });
    const statusBar = h("div", { class: "status-bar", "aria-hidden": "true" }, this.statusTime, h("span", { class: "notch" }), h("span", { class: "battery" }));
    this.node = h("section", { class: "phone", id: `phone-${phoneId}`, lang: this.t.language, dir: direction(data.language_code), dataset: { phone: phoneId } }, this.owner, h("div", { class: "device" }, statusBar, this.screen));
    this.chatView = null;
    this.updateOwner();
    const [firstChat] = this.store.chatsOf(phoneId);
    if (firstChat) this.openChat(firstChat.key);
    else this.showList();
  }

  get data() {
    return this.store.phones.get(this.phoneId);
  }

  get currentKey() {
    return this.chatView?.key ?? null;
  }

  updateOwner() {
    const { t } = this.page;
    const name = fullName(this.data);
    this.node.setAttribute("aria-label", `${this.data.role || t("page.phone")} – ${name}`);
    const languages = { ...PHONE_LANGUAGES };
    languages[base(this.data.language_code)] ??= this.data.language_code;
    const select = h("select", { value: base(this.data.language_code), "aria-label": t("page.phoneLanguage", { name }) }, Object.entries(languages).map(([code, text]) => h("option", { value: code, lang: code }, text)));
    select.addEventListener("change", () => this.attempt(() => api.changePhone(this.phoneId, { language_code: select.value })));
    const more = iconButton("more", t("page.phoneActions", { name }), () => openMenu(more, t("page.phoneActions", { name }), this.ownerActions()), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.owner.replaceChildren(
      avatar(name, this.phoneId, "owner-avatar"),
      h("div", { class: "owner-names" }, h("h2", { dir: "auto" }, this.data.role || name), this.data.role && h("p", { dir: "auto", title: this.data.username && `@${this.data.username}` }, name)),
      h("span", { class: "language-chip" }, h("span", { "aria-hidden": "true" }, base(this.data.language_code).toUpperCase()), select),
      more,
    );
  }

  attempt(work) {
    return this.chatView ? this.chatView.attempt(work) : work().catch(() => null);
  }

  ownerActions() {
    const { t } = this.page;
    const chats = this.store.chatsOf(this.phoneId).filter(isPrivate);
    const several = chats.length > 1;
    const blocking = chats.map((chat) => {
      const name = this.store.titleOf(chat);
      const label = t(chat.blocked ? "page.unblockBot" : "page.blockBot", { name: several ? name : "" }).trim();
      return { icon: "block", label, danger: !chat.blocked, act: () => this.attempt(() => api[chat.blocked ? "unblock" : "block"](this.phoneId, { bot: chat.bot_id })) };
    });
    return [
      { icon: "link", label: t("page.openLink"), act: () => this.askLink() },
      ...blocking,
      { separator: true },
      { icon: "close", label: t("page.hidePhone"), act: () => this.attempt(() => api.changePhone(this.phoneId, { open: false })) },
    ];
  }

  askLink() {
    const { t } = this.page;
    const username = this.store.bots.values().next().value?.username ?? "bot";
    ask({
      t,
      title: t("page.openLink"),
      confirm: t("page.open"),
      fields: [{ name: "link", label: t("page.linkLabel"), required: true, dir: "ltr", placeholder: `https://t.me/${username}?start=…` }],
      submit: ({ link }) => {
        if (!this.chatView) this.openChat(this.store.chatsOf(this.phoneId)[0].key);
        this.chatView.openUrl(link.trim());
      },
    });
  }

  host() {
    return {
      store: this.store,
      t: this.t,
      phoneId: this.phoneId,
      screen: this.screen,
      goBack: () => this.showList(),
      openChat: (key) => this.openChat(key),
      otherUnread: () => [...this.unread].reduce((sum, [key, n]) => sum + (key === this.currentKey ? 0 : n), 0),
    };
  }

  openChat(key) {
    if (this.currentKey === key) return;
    const moveFocus = this.screen.contains(document.activeElement);
    this.chatView = new Chat(this.host(), key);
    this.unread.delete(key);
    this.chatView.update();
    this.screen.replaceChildren(this.chatView.node);
    this.chatView.list.scrollToEnd();
    if (moveFocus) this.chatView.list.list.focus();
    this.page.unreadChanged();
  }

  showList() {
    const moveFocus = this.screen.contains(document.activeElement);
    this.chatView = null;
    const rows = this.store.chatsOf(this.phoneId).map((chat) => this.chatRow(chat));
    this.screen.replaceChildren(h("div", { class: "chat-list" }, h("header", { class: "chat-head" }, h("h3", { class: "chat-title" }, this.t("phone.chats"))), h("ul", {}, rows)));
    if (moveFocus) this.screen.querySelector("button")?.focus();
  }

  chatRow(chat) {
    const title = this.store.titleOf(chat);
    const last = this.store.lastMessage(chat);
    const unread = this.unread.get(chat.key);
    return h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "chat-row", on: { click: () => this.openChat(chat.key) } },
        avatar(title, isPrivate(chat) ? chat.bot_id : chat.id),
        h("span", { class: "chat-row-text" }, h("strong", { dir: "auto" }, title), h("span", { class: "chat-row-last", dir: "auto" }, last ? preview(last, this.t) : this.t("phone.noMessage"))),
        h("span", { class: "chat-row-side" }, last && h("time", {}, shortTime(this.t.language, messageDate(last))), unread && h("span", { class: "badge", role: "img", "aria-label": this.t("phone.unread", { n: unread }) }, unread)),
      ),
    );
  }

  totalUnread() {
    return [...this.unread.values()].reduce((sum, n) => sum + n, 0);
  }

  seen() {
    if (this.currentKey && this.unread.delete(this.currentKey)) this.page.unreadChanged();
  }

  onChat({ key, message }) {
    const mine = this.store.chatsOf(this.phoneId).some((chat) => chat.key === key);
    if (!mine) {
      if (key === this.currentKey) this.leaveChat(key);
      return;
    }
    const incoming = message && message.from?.id !== this.phoneId;
    if (incoming && (key !== this.currentKey || !this.page.isShown(this.phoneId))) {
      this.unread.set(key, (this.unread.get(key) ?? 0) + 1);
      this.page.unreadChanged();
    }
    if (key === this.currentKey) this.chatView.update();
    else if (this.chatView) this.chatView.updateHead();
    else this.showList();
  }

  // A group that became a supergroup goes on under another number; any other lost chat leads back to the list.
  leaveChat(key) {
    const heir = `g:${this.store.chats.get(key)?.migrated_to}`;
    if (this.store.chatsOf(this.phoneId).some((chat) => chat.key === heir)) this.openChat(heir);
    else this.showList();
  }

  onAction({ key }) {
    if (key === this.currentKey) this.chatView.updateHead();
  }

  onAnswer(event) {
    if (event.chat !== this.currentKey) this.openChat(event.chat);
    this.chatView.answer(event);
  }

  onBot() {
    if (this.chatView) this.chatView.update();
    else if (this.store.chatsOf(this.phoneId).length) this.openChat(this.store.chatsOf(this.phoneId)[0].key);
  }

  focus() {
    (this.chatView?.list.list ?? this.screen.querySelector("button"))?.focus({ preventScroll: true });
  }

  tick(now) {
    this.statusTime.textContent = shortTime(this.t.language, now);
  }
}

export const phoneTab = (phone, t) => {
  const tab = h("button", { type: "button", role: "tab", class: "tab", id: `tab-${phone.phoneId}`, "aria-controls": `phone-${phone.phoneId}`, dataset: { tab: phone.phoneId } }, h("span", { dir: "auto" }, phone.data.first_name));
  const unread = phone.totalUnread();
  if (unread) tab.append(h("span", { class: "badge", role: "img", "aria-label": t("phone.unread", { n: unread }) }, unread));
  return tab;
};

export const emptyPage = (t) => h("div", { class: "nobody" }, icon("phone"), h("p", {}, t("page.nobody")));
