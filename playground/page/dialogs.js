import { fileUrl } from "./api.js";
import { h, iconButton } from "./dom.js";

let count = 0;

function show(node, anchor) {
  document.body.append(node);
  node.addEventListener("close", () => {
    node.remove();
    if (anchor?.isConnected) anchor.focus();
  });
  node.addEventListener("click", (event) => {
    if (event.target === node) node.close();
  });
  node.showModal();
  return node;
}

function field(spec, id) {
  const { name, label, options, type = "text", ...others } = spec;
  if (type === "checkbox") {
    return h("div", { class: "field check" }, h("input", { id, name, type, checked: spec.value }), h("label", { for: id }, label));
  }
  const control = options
    ? h("select", { id, name, value: spec.value }, Object.entries(options).map(([value, text]) => h("option", { value }, text)))
    : h("input", { id, name, type, dir: "auto", autocomplete: "off", ...others });
  return h("div", { class: "field" }, h("label", { for: id }, label), control);
}

// A small form: fields [{name, label, type?, value?, required?, options?}] → submit(values), which may throw to keep the form open.
export function ask({ t, title, fields, confirm, submit, scope }) {
  count += 1;
  const prefix = `dialog-${count}`;
  const problem = h("p", { class: "problem", role: "alert" });
  const form = h(
    "form",
    { method: "dialog" },
    h("h2", { id: `${prefix}-title` }, title),
    fields.map((spec, index) => field(spec, `${prefix}-${index}`)),
    problem,
    h(
      "div",
      { class: "dialog-actions" },
      h("button", { type: "button", class: "quiet", on: { click: () => node.close() } }, t("page.cancel")),
      h("button", { type: "submit", class: "primary" }, confirm),
    ),
  );
  const node = h("dialog", { class: "dialog", "aria-labelledby": `${prefix}-title`, dir: scope?.dir, lang: scope?.lang }, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(form));
    try {
      await submit(values);
      node.close();
    } catch (error) {
      problem.textContent = error.message || t("page.failed");
    }
  });
  return show(node, document.activeElement);
}

export function lightbox(fileId, description, t) {
  const node = h("dialog", { class: "lightbox", "aria-label": description });
  node.append(
    h("img", { src: fileUrl(fileId), alt: description }),
    iconButton("close", t("page.close"), () => node.close(), { class: "lightbox-close" }),
  );
  return show(node, document.activeElement);
}

// Telegram's alert belongs to one phone: it covers that screen and leaves the others usable.
export function phoneAlert(screen, text, t) {
  const before = document.activeElement;
  count += 1;
  const id = `alert-${count}`;
  const close = () => {
    node.remove();
    if (before?.isConnected) before.focus();
  };
  const ok = h("button", { type: "button", class: "primary", on: { click: close } }, t("phone.ok"));
  const box = h("div", { class: "alert-box", role: "alertdialog", "aria-describedby": id, "aria-label": t("phone.alert") });
  box.append(h("p", { id, dir: "auto" }, text), ok);
  const node = h("div", { class: "alert-cover" }, box);
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") event.preventDefault();
  });
  screen.append(node);
  ok.focus();
}
