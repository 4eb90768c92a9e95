// Which commands a person sees: the narrowest scope that has a list wins, in the person's language first, as in Telegram.
import { h } from "./dom.js";
import { base } from "./i18n.js";
import { isPrivate } from "./state.js";

const ADMINS = new Set(["creator", "administrator"]);

function scopes(chat, phoneId) {
  if (isPrivate(chat)) return [{ type: "chat", chat_id: phoneId }, { type: "all_private_chats" }, { type: "default" }];
  const admin = chat.members.some((member) => member.user.id === phoneId && ADMINS.has(member.status));
  return [
    { type: "chat_member", chat_id: chat.id, user_id: phoneId },
    ...(admin ? [{ type: "chat_administrators", chat_id: chat.id }] : []),
    { type: "chat", chat_id: chat.id },
    ...(admin ? [{ type: "all_chat_administrators" }] : []),
    { type: "all_group_chats" },
    { type: "default" },
  ];
}

const matches = (wanted, scope) => Object.entries(wanted).every(([name, value]) => String(scope[name]) === String(value));

export function commandsFor(bot, chat, phone) {
  const lists = bot?.commands ?? [];
  for (const wanted of scopes(chat, phone.id)) {
    for (const language of [base(phone.language_code), ""]) {
      const found = lists.find((list) => (list.language_code ?? "") === language && matches(wanted, list.scope ?? { type: "default" }));
      if (found?.commands.length) return found.commands;
    }
  }
  return [];
}

// The list above the composer: opened by its button or by typing "/".
export class CommandList {
  constructor({ t, choose, leave }) {
    this.choose = choose;
    this.leave = leave;
    this.node = h("div", { class: "command-list", role: "group", "aria-label": t("phone.commands"), hidden: true });
    this.node.addEventListener("keydown", (event) => this.onKey(event));
  }

  get open() {
    return !this.node.hidden;
  }

  show(commands, typed = "/") {
    const wanted = commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase()));
    this.node.replaceChildren(
      ...wanted.map(({ command, description }) =>
        h("button", { type: "button", class: "command", on: { click: () => this.choose(command) } }, h("span", { class: "command-name", dir: "ltr" }, `/${command}`), h("span", { dir: "auto" }, description)),
      ),
    );
    this.node.hidden = !wanted.length;
  }

  hide() {
    this.node.hidden = true;
  }

  focus() {
    this.node.querySelector("button")?.focus();
  }

  onKey(event) {
    const items = [...this.node.querySelectorAll("button")];
    const index = items.indexOf(document.activeElement);
    if (event.key === "ArrowDown") items[(index + 1) % items.length].focus();
    else if (event.key === "ArrowUp") items.at(index - 1).focus();
    else if (event.key === "Escape") {
      this.hide();
      this.leave();
    } else return;
    event.preventDefault();
  }
}
