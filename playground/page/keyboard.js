import { h, icon } from "./dom.js";

function markOf(button) {
  if (button.url || button.login_url) return "forward";
  if (button.copy_text) return "copy";
  return null;
}

// context: {press(row, col), openUrl(url), copy(text), unsupported()}
export function inlineKeyboard(markup, context) {
  const act = async (button, node, row, col) => {
    if (button.url) return context.openUrl(button.url);
    if (button.copy_text) return context.copy(button.copy_text.text);
    if (button.callback_data === undefined) return context.unsupported();
    if (node.getAttribute("aria-busy") === "true") return undefined;
    node.setAttribute("aria-busy", "true");
    await context.press(row, col);
    return node.removeAttribute("aria-busy");
  };
  const rows = markup.inline_keyboard.map((buttons, row) =>
    h(
      "div",
      { class: "inline-row" },
      buttons.map((button, col) => {
        const mark = markOf(button);
        const node = h("button", { type: "button", class: ["inline-button", button.style], dir: "auto" }, h("span", {}, button.text), mark && icon(mark));
        node.addEventListener("click", () => act(button, node, row, col));
        return node;
      }),
    ),
  );
  const columns = Math.max(0, ...markup.inline_keyboard.map((buttons) => buttons.length));
  return h("div", { class: ["inline-keyboard", columns > 1 && "beside", columns > 4 && "many"] }, rows);
}

// context: {sendText(text), sendContact(), sendLocation(), unsupported()}
export function replyKeyboard(markup, context) {
  const act = (button) => {
    if (typeof button === "string") return context.sendText(button);
    if (button.request_contact) return context.sendContact();
    if (button.request_location) return context.sendLocation();
    if (button.request_poll || button.request_users || button.request_chat || button.web_app) return context.unsupported();
    return context.sendText(button.text);
  };
  const rows = markup.keyboard.map((buttons) =>
    h(
      "div",
      { class: "reply-row" },
      buttons.map((button) =>
        h("button", { type: "button", class: "reply-button", dir: "auto", on: { click: () => act(button) } }, button.text ?? button),
      ),
    ),
  );
  return h("div", { class: ["reply-keyboard", !markup.resize_keyboard && "tall"], role: "group", "aria-label": context.t("phone.keyboard") }, rows);
}
