// The foot of a chat: what the person writes, the commands, the attachments and the bot's reply keyboard.
import { attachItems, sendFiles, sendOwnContact, sendSomewhere } from "./attach.js";
import { CommandList, commandsFor } from "./commands.js";
import { h, icon, iconButton } from "./dom.js";
import { replyKeyboard } from "./keyboard.js";
import { preview } from "./media.js";
import { isPrivate } from "./state.js";

export class Composer {
  // context: {t, phone(), chat(), bot(), send(body), edit(message, text), editLast(), start(), unblock(), toast(text), menu(anchor, label, items)}
  constructor(context) {
    this.context = context;
    this.target = null;
    this.used = null;
    this.offered = null;
    const { t } = context;
    this.commands = new CommandList({ t, choose: (command) => this.sendCommand(command), leave: () => this.area.focus() });
    this.area = h("textarea", { rows: "1", dir: "auto", enterkeyhint: "send", "aria-label": t("phone.write"), placeholder: t("phone.placeholder") });
    this.sendButton = iconButton("send", t("phone.send"), () => this.submit(), { class: "send" });
    this.menuButton = iconButton("slash", t("phone.commands"), () => this.toggleCommands(), { "aria-expanded": "false" });
    this.keyboardButton = iconButton("keyboard", t("phone.toggleKeyboard"), () => this.toggleKeyboard(), { hidden: true });
    this.attachButton = iconButton("paperclip", t("phone.attachMenu"), () => context.menu(this.attachButton, t("phone.attachMenu"), this.attachments()), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.strip = h("div", { class: "reply-strip", hidden: true });
    this.keyboard = h("div", { class: "keyboard-place" });
    this.row = h("div", { class: "composer-row" }, this.menuButton, this.area, this.keyboardButton, this.attachButton, this.sendButton);
    this.big = h("button", { type: "button", class: "big-button", hidden: true });
    this.node = h("footer", { class: "composer" }, this.commands.node, this.strip, this.row, this.keyboard, this.big);
    this.area.addEventListener("input", () => this.onInput());
    this.area.addEventListener("keydown", (event) => this.onKey(event));
    this.area.addEventListener("paste", (event) => this.onPaste(event));
  }

  attachments() {
    const { t, send } = this.context;
    const caption = () => {
      const text = this.area.value.trim();
      this.clear();
      return text;
    };
    return attachItems({ t, send, caption, phone: this.context.phone(), scope: this.node.closest("[dir]") });
  }

  onPaste(event) {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    sendFiles(event.clipboardData.files, this.context.send, this.area.value.trim());
    this.clear();
  }

  onInput() {
    this.area.style.setProperty("height", "auto");
    this.area.style.setProperty("height", `${Math.min(this.area.scrollHeight, 140)}px`);
    const text = this.area.value;
    if (/^\/\w*$/.test(text)) this.commands.show(this.available(), text);
    else this.commands.hide();
    this.menuButton.setAttribute("aria-expanded", String(this.commands.open));
  }

  onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) this.submit();
    else if (event.key === "Escape" && (this.commands.open || this.target)) {
      this.commands.hide();
      this.setTarget(null);
    } else if (event.key === "ArrowUp" && this.commands.open) this.commands.focus();
    else if (event.key === "ArrowUp" && !this.area.value) this.context.editLast();
    else return;
    event.preventDefault();
  }

  available() {
    return commandsFor(this.context.bot(), this.context.chat(), this.context.phone());
  }

  toggleCommands() {
    if (this.commands.open) this.commands.hide();
    else {
      this.commands.show(this.available());
      this.commands.focus();
    }
    this.menuButton.setAttribute("aria-expanded", String(this.commands.open));
  }

  sendCommand(command) {
    const suffix = isPrivate(this.context.chat()) ? "" : `@${this.context.bot().username}`;
    this.clear();
    this.context.send({ text: `/${command}${suffix}` });
    this.area.focus();
  }

  // target: {kind: "reply" | "edit", message} or null
  setTarget(target) {
    const { t } = this.context;
    if (this.target?.kind === "edit" && !target) this.area.value = "";
    this.target = target;
    this.strip.hidden = !target;
    if (!target) return;
    const title = t(target.kind === "edit" ? "phone.editing" : "phone.replying");
    this.strip.replaceChildren(
      icon(target.kind),
      h("div", {}, h("strong", {}, title), h("span", { dir: "auto" }, preview(target.message, t))),
      iconButton("close", t("phone.cancelTarget"), () => this.setTarget(null)),
    );
    if (target.kind === "edit") this.area.value = target.message.text ?? target.message.caption ?? "";
    this.onInput();
    this.area.focus();
  }

  clear() {
    this.area.value = "";
    this.target = null;
    this.strip.hidden = true;
    this.onInput();
  }

  submit() {
    const text = this.area.value.trim();
    if (!text) return;
    const { target } = this;
    this.clear();
    if (target?.kind === "edit") this.context.edit(target.message, text);
    else this.context.send({ text, ...(target && { reply_to: target.message.message_id }) });
  }

  sendFromKeyboard(body) {
    const message = this.offered;
    this.context.send(body);
    if (message?.reply_markup.one_time_keyboard) {
      this.used = message.message_id;
      this.drawKeyboard();
    }
  }

  toggleKeyboard() {
    this.used = this.used === this.offered?.message_id ? null : this.offered?.message_id;
    this.drawKeyboard();
  }

  drawKeyboard() {
    const markup = this.offered?.reply_markup;
    const shown = Boolean(markup?.keyboard) && this.used !== this.offered.message_id;
    this.keyboardButton.hidden = !markup?.keyboard;
    this.keyboardButton.setAttribute("aria-expanded", String(shown));
    const { t, toast } = this.context;
    const send = (body) => this.sendFromKeyboard(body);
    const context = {
      t,
      sendText: (text) => send({ text }),
      sendContact: () => sendOwnContact(this.context.phone(), send),
      sendLocation: () => sendSomewhere(send),
      unsupported: () => toast(t("phone.unsupported")),
    };
    const held = this.keyboard.contains(document.activeElement);
    this.keyboard.replaceChildren(...(shown ? [replyKeyboard(markup, context)] : []));
    if (held) this.area.focus();
  }

  showBig(text, act) {
    this.big.hidden = false;
    this.big.textContent = text;
    this.big.onclick = act;
    for (const node of [this.row, this.keyboard]) node.hidden = true;
  }

  update(chat, offered) {
    const { t, start, unblock } = this.context;
    if (isPrivate(chat) && chat.blocked) return this.showBig(t("phone.unblock"), unblock);
    if (isPrivate(chat) && !chat.started) return this.showBig(t("phone.start"), start);
    for (const node of [this.row, this.keyboard]) node.hidden = false;
    this.big.hidden = true;
    this.menuButton.hidden = !this.available().length;
    this.area.placeholder = offered?.reply_markup.input_field_placeholder ?? t("phone.placeholder");
    if (offered?.message_id === this.offered?.message_id) return undefined;
    this.offered = offered;
    this.drawKeyboard();
    if (offered?.reply_markup.force_reply) this.setTarget({ kind: "reply", message: offered });
    return undefined;
  }
}
