// The list of messages of one chat as one phone sees it: kept in step with the store, touching only what changed.
import { bubble, daySeparator, serviceKind, serviceLine } from "./bubble.js";
import { h, iconButton } from "./dom.js";
import { dayKey } from "./i18n.js";
import { messageDate } from "./state.js";

const NEAR_END = 80;

const sender = (message) => message.sender_chat?.id ?? message.from?.id;

function itemsOf(messages, phoneId) {
  const items = [];
  let day = null;
  let run = null;
  for (const message of messages) {
    const date = messageDate(message);
    if (dayKey(date) !== day) {
      day = dayKey(date);
      run = null;
      items.push({ key: `day-${day}`, type: "day", date, refs: [day] });
    }
    if (serviceKind(message)) {
      run = null;
      items.push({ key: `m-${message.message_id}`, type: "service", message, refs: [message] });
      continue;
    }
    if (run && message.media_group_id && run.messages[0].media_group_id === message.media_group_id) {
      run.messages.push(message);
      run.refs.push(message);
      continue;
    }
    const same = run && sender(run.messages[0]) === sender(message);
    if (same) run.last = false;
    run = { key: `m-${message.message_id}`, type: "message", messages: [message], out: !message.sender_chat && message.from?.id === phoneId, first: !same, last: true, refs: [message] };
    items.push(run);
  }
  return items;
}

const sameItem = (left, right) => left.first === right.first && left.last === right.last && left.refs.length === right.refs.length && left.refs.every((ref, index) => ref === right.refs[index]);

export class MessageList {
  constructor(context) {
    this.context = context;
    this.drawn = new Map();
    this.list = h("ol", { class: "messages", tabindex: "0", "aria-label": context.t("phone.messages"), "aria-describedby": context.hintId });
    this.toEnd = iconButton("down", context.t("phone.toEnd"), () => this.scrollToEnd(), { class: "to-end", hidden: true });
    this.node = h("div", { class: "messages-frame" }, this.list, this.toEnd);
    this.list.addEventListener("scroll", () => this.toEnd.toggleAttribute("hidden", this.atEnd()), { passive: true });
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    // pictures take their place after the text: stay at the end if the reader was there
    this.list.addEventListener("load", () => this.pinned && this.scrollToEnd(), true);
    this.pinned = true;
    new ResizeObserver(() => this.pinned && this.scrollToEnd()).observe(this.list);
  }

  atEnd() {
    this.pinned = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_END;
    return this.pinned;
  }

  scrollToEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.pinned = true;
  }

  clear() {
    this.drawn.clear();
    this.list.replaceChildren();
    this.pinned = true;
  }

  draw(item) {
    if (item.type === "day") return daySeparator(item.date, this.context);
    if (item.type === "service") return serviceLine(item.message, this.context);
    return bubble(item, this.context);
  }

  update(messages, phoneId, { follow = false } = {}) {
    const wasAtEnd = follow || this.pinned;
    const focused = document.activeElement?.closest?.("[data-message-id]")?.dataset.messageId;
    const label = document.activeElement?.textContent;
    const next = new Map();
    for (const item of itemsOf(messages, phoneId)) {
      const old = this.drawn.get(item.key);
      const keep = old && sameItem(old.item, item);
      next.set(item.key, { item, node: keep ? old.node : this.draw(item), replaced: Boolean(old) });
    }
    for (const [key, { node }] of this.drawn) if (next.get(key)?.node !== node) node.remove();
    let place = this.list.firstChild;
    for (const { node, replaced } of next.values()) {
      if (node === place) place = place.nextSibling;
      else {
        if (!replaced && this.drawn.size) node.classList.add("fresh");
        this.list.insertBefore(node, place);
      }
    }
    this.drawn = next;
    if (wasAtEnd) this.scrollToEnd();
    if (focused && document.activeElement === document.body) this.restoreFocus(focused, label);
  }

  // An edited message is drawn anew: the focus goes to the button of the same name, or with a tick before it, else to the message.
  restoreFocus(id, label) {
    const message = this.find(id);
    const controls = [...(message?.querySelectorAll("button, a") ?? [])].filter((node) => node.textContent);
    const twin = controls.find((node) => node.textContent === label) ?? controls.find((node) => label && (node.textContent.endsWith(label) || label.endsWith(node.textContent)));
    (twin ?? message)?.focus({ preventScroll: true });
  }

  find(id) {
    return this.list.querySelector(`[data-message-id="${id}"]`);
  }

  jump(id) {
    const node = this.find(id);
    if (!node) return;
    node.scrollIntoView({ block: "center" });
    node.classList.remove("flash");
    requestAnimationFrame(() => node.classList.add("flash"));
    node.focus({ preventScroll: true });
  }

  onKey(event) {
    const rows = [...this.list.querySelectorAll(":scope > [tabindex]")];
    const onRow = document.activeElement.parentElement === this.list;
    if (document.activeElement !== this.list && !onRow) return;
    const index = rows.indexOf(document.activeElement);
    if (event.key === "ArrowUp") rows[index < 0 ? rows.length - 1 : Math.max(0, index - 1)]?.focus();
    else if (event.key === "ArrowDown" && index >= 0) rows[Math.min(rows.length - 1, index + 1)]?.focus();
    else if (event.key === "Enter" && onRow) document.activeElement.querySelector(".message-actions")?.click();
    else if (event.key === "End") this.scrollToEnd();
    else return;
    event.preventDefault();
  }
}
