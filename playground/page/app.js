import { api } from "./api.js";
import { ClockBar } from "./clockbar.js";
import { debounceFrame, h, icon } from "./dom.js";
import { Drawer } from "./drawer.js";
import { PAGE_LANGUAGES, direction, loadCatalogues, pageLanguage, rememberPageLanguage, translator } from "./i18n.js";
import { Log } from "./log.js";
import { Mailbox } from "./mailbox.js";
import { preview } from "./media.js";
import { closeMenu, openMenu } from "./menu.js";
import { drawShelf, phoneChoices } from "./people.js";
import { Phone, emptyPage, phoneTab } from "./phone.js";
import { senderName } from "./bubble.js";
import { Store, fullName, isPrivate } from "./state.js";

const ANNOUNCEMENTS_KEPT = 20;
const place = (id) => document.getElementById(id);

class Page {
  constructor() {
    this.store = new Store();
    this.phones = new Map();
    this.current = null;
    this.narrow = matchMedia("(max-width: 719px)");
    this.drawTabs = debounceFrame(() => this.renderTabs());
    this.setLanguage(pageLanguage());
    this.listen();
  }

  setLanguage(code) {
    this.t = translator(code);
    document.documentElement.lang = code;
    document.documentElement.dir = direction(code);
    document.title = this.t("page.title");
    for (const node of document.querySelectorAll("[data-t]")) node.textContent = this.t(node.dataset.t);
    place("tabs").setAttribute("aria-label", this.t("page.phones"));
    place("phones").setAttribute("aria-label", this.t("page.phones"));
    place("announcer").setAttribute("aria-label", this.t("page.announcer"));
    this.drawTools();
    this.clock = new ClockBar(this, place("clockbar"));
  }

  toolButton(name, label, act) {
    const button = h("button", { type: "button", class: "tool", "aria-label": label, title: label, on: act ? { click: act } : {} }, icon(name), h("span", { class: "tool-text", "aria-hidden": "true" }, label));
    button.badge = h("span", { class: "badge", hidden: true });
    button.append(button.badge);
    return button;
  }

  drawTools() {
    const { t, store } = this;
    const select = h("select", { value: t.language, "aria-label": t("page.language") }, Object.entries(PAGE_LANGUAGES).map(([code, text]) => h("option", { value: code, lang: code }, text)));
    select.addEventListener("change", () => {
      rememberPageLanguage(select.value);
      this.setLanguage(select.value);
      this.renderPhones();
      place("tools").querySelector("select").focus();
    });
    const choose = this.toolButton("people", t("page.phones"), () => openMenu(choose, t("page.phones"), phoneChoices({ t, store, failed: () => this.setOffline(true) })));
    choose.setAttribute("aria-haspopup", "menu");
    choose.setAttribute("aria-expanded", "false");
    this.mailButton = this.toolButton("mail", t("page.mailbox"));
    this.logButton = this.toolButton("log", t("page.log"));
    place("tools").setAttribute("aria-label", t("page.tools"));
    const chip = h("span", { class: "language-chip" }, h("span", { class: "long", "aria-hidden": "true" }, PAGE_LANGUAGES[t.language]), h("span", { class: "short", "aria-hidden": "true" }, t.language.toUpperCase()), select);
    place("tools").replaceChildren(choose, this.mailButton, this.logButton, chip);
    const drawer = (id, button, title) => new Drawer({ node: place(id), button, title, close: t("page.close") });
    const mailDrawer = drawer("mailbox", this.mailButton, t("page.mailbox"));
    const logDrawer = drawer("log", this.logButton, t("page.log"));
    this.mailbox = new Mailbox(this, mailDrawer);
    this.log = new Log(this, logDrawer);
    this.mailButton.addEventListener("click", () => mailDrawer.open && logDrawer.toggle(false, false));
    this.logButton.addEventListener("click", () => logDrawer.open && mailDrawer.toggle(false, false));
    this.updateDrawers();
  }

  updateDrawers() {
    const { length } = this.store.mails;
    this.mailButton.badge.hidden = !length;
    this.mailButton.badge.textContent = length;
    this.mailButton.setAttribute("aria-label", length ? this.t("page.mailboxCount", { n: length }) : this.t("page.mailbox"));
    this.mailbox.draw();
    this.log.draw();
  }

  listen() {
    const { store } = this;
    store.on("reset", () => this.renderAll());
    store.on("stale", () => this.reload());
    store.on("clock", () => this.clock.update());
    store.on("flood", () => this.log.drawLimits());
    store.on("mail", () => this.updateDrawers());
    store.on("log", debounceFrame(() => this.log.draw()));
    store.on("bot", () => this.each((phone) => phone.onBot()));
    store.on("chat", (detail) => {
      this.each((phone) => phone.onChat(detail));
      if (detail.message) this.announce(detail);
    });
    store.on("action", (detail) => this.each((phone) => phone.onAction(detail)));
    store.on("answer", (detail) => this.phones.get(detail.phone_id)?.onAnswer(detail));
    store.on("phone", ({ id }) => this.onPhone(id));
    this.narrow.addEventListener("change", () => this.renderTabs());
    place("tabs").addEventListener("click", (event) => this.choose(event.target.closest("[role=tab]")));
    place("tabs").addEventListener("keydown", (event) => this.onTabKey(event));
    setInterval(() => this.tick(), 1000);
  }

  each(work) {
    for (const phone of this.phones.values()) work(phone);
  }

  tick() {
    const now = this.store.now();
    this.clock.tick(now);
    this.each((phone) => phone.tick(now));
  }

  isShown(id) {
    return !this.narrow.matches || this.current === id;
  }

  unreadChanged() {
    this.drawTabs();
  }

  renderAll() {
    closeMenu(false);
    this.phones.clear();
    this.renderPhones();
    this.clock.update();
    this.updateDrawers();
  }

  renderPhones() {
    const shown = [...this.store.phones.values()].filter((phone) => phone.open);
    const known = this.phones;
    this.phones = new Map();
    for (const { id, language_code: language } of shown) {
      const old = known.get(id);
      const same = old && old.language === language && old.page.t === this.t;
      const phone = same ? old : new Phone({ store: this.store, t: this.t, isShown: (one) => this.isShown(one), unreadChanged: () => this.unreadChanged() }, id);
      if (old && !same) this.takeOver(old, phone);
      this.phones.set(id, phone);
    }
    if (!this.phones.has(this.current)) this.current = shown[0]?.id ?? null;
    const nodes = [...this.phones.values()].map((phone) => phone.node);
    place("phones").replaceChildren(...(nodes.length ? nodes : [emptyPage(this.t)]));
    drawShelf(place("shelf"), { t: this.t, store: this.store, show: (id) => this.show(id) });
    this.each((phone) => phone.chatView?.list.scrollToEnd());
    this.renderTabs();
    this.tick();
    if (this.phones.has(this.called)) this.receive(this.phones.get(this.called));
  }

  async show(id) {
    this.called = id;
    await api.changePhone(id, { open: true }).catch(() => this.setOffline(true));
  }

  // The phone that was just called for: it comes into view, and the keyboard goes on from there.
  receive(phone) {
    this.called = null;
    this.current = phone.phoneId;
    this.renderTabs();
    phone.node.scrollIntoView({ block: "nearest", inline: "nearest" });
    phone.focus();
  }

  takeOver(old, phone) {
    phone.unread = old.unread;
    if (old.currentKey) phone.openChat(old.currentKey);
    else phone.showList();
  }

  onPhone(id) {
    const phone = this.phones.get(id);
    const data = this.store.phones.get(id);
    if (phone && data.open && phone.language === data.language_code) phone.updateOwner();
    else this.renderPhones();
    this.renderTabs();
  }

  renderTabs() {
    const held = document.activeElement?.getAttribute("role") === "tab";
    const tabs = [...this.phones.values()].map((phone) => phoneTab(phone, this.t));
    for (const tab of tabs) {
      const chosen = Number(tab.dataset.tab) === this.current;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
    }
    place("tabs").replaceChildren(...tabs);
    if (this.narrow.matches) place("tabs").querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.each((phone) => {
      const away = this.narrow.matches && phone.phoneId !== this.current;
      phone.node.classList.toggle("away", away);
      phone.node.setAttribute("role", this.narrow.matches ? "tabpanel" : "region");
    });
    if (held) place("tabs").querySelector("[aria-selected=true]")?.focus();
  }

  choose(tab) {
    if (!tab) return;
    this.current = Number(tab.dataset.tab);
    tab.focus();
    this.renderTabs();
    const phone = this.phones.get(this.current);
    phone.seen();
    phone.chatView?.list.scrollToEnd();
  }

  onTabKey(event) {
    const tabs = [...place("tabs").children];
    const index = tabs.indexOf(document.activeElement);
    const forward = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    const backward = forward === "ArrowLeft" ? "ArrowRight" : "ArrowLeft";
    if (event.key === forward) this.choose(tabs[(index + 1) % tabs.length]);
    else if (event.key === backward) this.choose(tabs.at(index - 1));
    else return;
    event.preventDefault();
  }

  announce({ key, message }) {
    const chat = this.store.chats.get(key);
    const phone = isPrivate(chat) && this.phones.get(chat.phone_id);
    if (message.from?.id === chat.phone_id || (isPrivate(chat) && !phone)) return;
    const where = phone ? fullName(phone.data) : chat.title;
    const text = this.t("page.announce", { where, from: senderName(message), text: preview(message, this.t) });
    place("announcer").append(h("p", { dir: "auto" }, text));
    while (place("announcer").children.length > ANNOUNCEMENTS_KEPT) place("announcer").firstChild.remove();
  }

  setOffline(offline) {
    place("offline").hidden = !offline;
  }

  async reload() {
    this.events?.close();
    try {
      this.store.load(await api.state());
    } catch {
      this.setOffline(true);
      setTimeout(() => this.reload(), 1500);
      return;
    }
    this.follow();
  }

  follow() {
    this.events = new EventSource(`/playground/events?after=${this.store.seq}`);
    this.events.onmessage = (event) => this.store.apply(JSON.parse(event.data));
    this.events.onopen = () => this.setOffline(false);
    this.events.onerror = () => {
      this.setOffline(true);
      // after a restart of the server the numbers begin anew: only a fresh state is sure
      this.events.close();
      setTimeout(() => this.reload(), 1500);
    };
  }
}

await loadCatalogues();
const page = new Page();
await page.reload();
document.documentElement.dataset.ready = "";
