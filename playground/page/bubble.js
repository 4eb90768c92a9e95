import { avatar, tone } from "./avatar.js";
import { h, icon, iconButton } from "./dom.js";
import { richText } from "./entities.js";
import { longDay, shortTime } from "./i18n.js";
import { inlineKeyboard } from "./keyboard.js";
import { album, kindOf, media, preview } from "./media.js";
import { fullName, messageDate } from "./state.js";

export const senderName = (message) => message.sender_chat?.title ?? fullName(message.from);
const senderId = (message) => message.sender_chat?.id ?? message.from?.id;

export function daySeparator(date, context) {
  return h("li", { class: "day" }, h("span", {}, longDay(context.t.language, date, date.getFullYear() !== context.now().getFullYear())));
}

const NOTED = 60;
const shortened = (text) => (text.length > NOTED ? `${text.slice(0, NOTED - 1).trimEnd()}…` : text);
const names = (people) => people.map(fullName).join(", ");

const SERVICE = {
  new_chat_members: (message, t) => t("phone.joined", { name: names(message.new_chat_members) }),
  left_chat_member: (message, t) => t("phone.left", { name: fullName(message.left_chat_member) }),
  new_chat_title: (message, t) => t("phone.renamed", { title: message.new_chat_title }),
  pinned_message: (message, t) => t("phone.pinnedBy", { name: senderName(message), text: shortened(preview(message.pinned_message, t)) || "…" }),
  forum_topic_created: (message, t) => t("phone.topicCreated", { name: message.forum_topic_created.name }),
  forum_topic_edited: (message, t) => t("phone.topicEdited", { name: message.forum_topic_edited.name ?? "…" }),
  forum_topic_closed: (_, t) => t("phone.topicClosed"),
  forum_topic_reopened: (_, t) => t("phone.topicReopened"),
  group_chat_created: (_, t) => t("phone.groupCreated"),
  supergroup_chat_created: (_, t) => t("phone.groupCreated"),
  migrate_to_chat_id: (_, t) => t("phone.upgraded"),
  migrate_from_chat_id: (_, t) => t("phone.upgraded"),
};

export const serviceKind = (message) => Object.keys(SERVICE).find((name) => message[name] !== undefined);

export function serviceLine(message, context) {
  const text = SERVICE[serviceKind(message)](message, context.t);
  return h("li", { class: "service", tabindex: "-1", dataset: { messageId: message.message_id } }, h("span", { dir: "auto" }, text));
}

function forwardedFrom(message, t) {
  const origin = message.forward_origin;
  if (!origin) return null;
  const name = origin.sender_user_name ?? (fullName(origin.sender_user) || origin.sender_chat?.title || origin.chat?.title || "…");
  return h("div", { class: "forwarded", dir: "auto" }, t("phone.forwardedFrom", { name }));
}

function repliedTo(message, context) {
  const target = message.reply_to_message;
  // in a forum each message answers the one that opened the topic: that is no reply of a person
  if (!target || target.forum_topic_created) return null;
  return h(
    "button",
    { type: "button", class: "replied", dataset: { tone: tone(senderId(target)) }, "aria-label": context.t("phone.goToReplied", { name: senderName(target) }), on: { click: () => context.jump(target.message_id) } },
    h("strong", { dir: "auto" }, senderName(target)),
    h("span", { dir: "auto" }, preview(target, context.t)),
  );
}

function reactionsOf(message, context) {
  const counts = new Map();
  for (const { reaction } of message.reactions ?? []) {
    for (const { emoji } of reaction) if (emoji) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
  }
  if (!counts.size) return null;
  const chips = [...counts].map(([emoji, n]) => h("span", { class: "reaction", role: "img", "aria-label": context.t("phone.reactions", { emoji, n }) }, emoji, n > 1 && h("small", {}, n)));
  return h("div", { class: "reactions" }, chips);
}

function meta(message, out, context) {
  const date = messageDate(message);
  return h(
    "span",
    { class: "meta" },
    message.edit_date && !message.edit_hide && h("span", { class: "edited" }, context.t("phone.edited")),
    h("time", { datetime: date.toISOString() }, shortTime(context.t.language, date)),
    out && icon("checks"),
  );
}

function topicLabel(message, context) {
  const topic = context.topicOf(message);
  return topic && h("div", { class: "topic-label", dir: "auto" }, topic.name);
}

// item: {messages, out, first, last}: one message, or the messages of an album, with its place in a run of the same sender
export function bubble(item, context) {
  const { messages, out, first, last } = item;
  const { t } = context;
  const [message] = messages;
  const captioned = messages.find((one) => one.caption ?? one.text);
  const text = captioned?.text ?? captioned?.caption ?? "";
  const entities = captioned?.entities ?? captioned?.caption_entities;
  const kind = kindOf(message);
  const name = senderName(message);
  const showName = context.group && !out && first;
  const reactions = reactionsOf(captioned ?? message, context);
  const hour = meta(messages.at(-1), out, context);
  const bare = ["sticker", "video_note", "dice"].includes(kind) && !text;
  const body = h(
    "div",
    { class: ["bubble", bare && "bare", kind && "has-media", kind && !text && "media-only", message.reply_markup?.inline_keyboard && "has-keyboard"], dataset: { kind: kind ?? "text" } },
    showName && h("div", { class: "sender", dir: "auto", dataset: { tone: tone(senderId(message)) } }, name),
    context.group && first && topicLabel(message, context),
    forwardedFrom(message, t),
    repliedTo(message, context),
    messages.length > 1 ? album(messages, context) : media(message, context),
    // the hour floats at the end of the last line, and goes below it when there is no room, whichever way the text runs
    text && h("div", { class: "words" }, h("span", { class: "text" }, richText(text, entities, context)), !reactions && hour),
    reactions,
    (!text || reactions) && hour,
  );
  const actions = iconButton("more", t("phone.messageActions"), (event) => context.actions(message, event.currentTarget), { class: "message-actions", tabindex: "-1", "aria-haspopup": "menu" });
  return h(
    "li",
    {
      class: ["message", out ? "out" : "in", first && "first", last && "last"],
      tabindex: "-1",
      "aria-label": t("phone.messageFrom", { name: out ? t("phone.you") : name }),
      // the parts of an album carry their own numbers
      dataset: messages.length > 1 ? { album: message.media_group_id } : { messageId: message.message_id },
    },
    context.group && !out && (last ? avatar(name, senderId(message), "small") : h("span", { class: "avatar small hollow" })),
    h("div", { class: "stack" }, h("div", { class: "bubble-line" }, body, actions), message.reply_markup?.inline_keyboard && inlineKeyboard(message.reply_markup, context.keyboardOf(message))),
  );
}
