// Telegram's entities (offsets in UTF-16 units, as JavaScript's own strings) drawn as DOM nodes.
import { h } from "./dom.js";

const PLAIN = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);

function spoiler(children, context) {
  const node = h("span", { class: "spoiler", role: "button", tabindex: "0", "aria-label": context.t("phone.spoiler") }, children);
  const reveal = () => {
    node.classList.add("revealed");
    for (const name of ["role", "tabindex", "aria-label"]) node.removeAttribute(name);
  };
  node.addEventListener("click", reveal);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      reveal();
    }
  });
  return node;
}

function quote(children, expandable, context) {
  const node = h("blockquote", { dir: "auto" }, children);
  if (!expandable) return node;
  node.classList.add("folded");
  const more = h("button", { type: "button", class: "fold", "aria-expanded": "false" }, context.t("phone.expand"));
  more.addEventListener("click", () => {
    const folded = node.classList.toggle("folded");
    more.setAttribute("aria-expanded", String(!folded));
    more.textContent = context.t(folded ? "phone.expand" : "phone.collapse");
  });
  return h("div", { class: "quote" }, node, more);
}

function link(children, act, dir = "auto") {
  return h("button", { type: "button", class: "text-link", dir, on: { click: act } }, children);
}

function webLink(children, url, context) {
  const address = context.safeUrl(url);
  if (!address) return h("span", { class: "dead-link" }, children);
  if (context.isTelegramUrl(address)) return link(children, () => context.openUrl(address));
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer", class: "text-link" }, children);
}

function wrap(entity, children, raw, context) {
  if (entity.type in PLAIN) return h(PLAIN[entity.type], {}, children);
  switch (entity.type) {
    case "pre":
      return h("pre", { dir: "ltr", tabindex: "0", dataset: { language: entity.language ?? "" } }, h("code", {}, children));
    case "spoiler":
      return spoiler(children, context);
    case "blockquote":
    case "expandable_blockquote":
      return quote(children, entity.type !== "blockquote", context);
    case "text_link":
      return webLink(children, entity.url, context);
    case "url":
      return webLink(children, raw, context);
    case "email":
      return h("a", { href: `mailto:${raw}`, class: "text-link" }, children);
    case "phone_number":
      return h("a", { href: `tel:${raw.replace(/[^\d+]/g, "")}`, class: "text-link", dir: "ltr" }, children);
    case "bot_command":
      return link(children, () => context.sendText(raw), "ltr");
    case "mention":
    case "text_mention":
    case "hashtag":
    case "cashtag":
      return h("span", { class: "mention", dir: "auto" }, children);
    default:
      return h("span", {}, children);
  }
}

// Telegram nests entities; those that only overlap are cut at the border of the one that began first.
function range(text, from, to, entities, context) {
  const nodes = [];
  const waiting = [...entities];
  let position = from;
  while (waiting.length) {
    const entity = waiting.shift();
    const end = Math.min(entity.offset + entity.length, to);
    if (entity.offset < position || end <= entity.offset) continue;
    if (entity.offset > position) nodes.push(text.slice(position, entity.offset));
    const inner = [];
    while (waiting.length && waiting[0].offset < end) {
      const child = waiting.shift();
      const childEnd = child.offset + child.length;
      if (childEnd > end) waiting.push({ ...child, offset: end, length: childEnd - end });
      inner.push(child);
    }
    waiting.sort(order);
    nodes.push(wrap(entity, range(text, entity.offset, end, inner, context), text.slice(entity.offset, end), context));
    position = end;
    // the line break that follows a block is already drawn by the block
    if (BLOCKS.has(entity.type) && text[position] === "\n" && waiting[0]?.offset !== position) position += 1;
  }
  if (position < to) nodes.push(text.slice(position, to));
  return nodes;
}

const order = (left, right) => left.offset - right.offset || right.length - left.length;

export function richText(text, entities = [], context) {
  return range(text, 0, text.length, [...entities].sort(order), context);
}
