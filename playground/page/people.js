// Which phones are on the table, and a new person's phone.
import { api } from "./api.js";
import { avatar } from "./avatar.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";
import { PHONE_LANGUAGES } from "./i18n.js";
import { fullName } from "./state.js";

const FIRST_GUEST = 700000001;

function freeId(phones) {
  let id = FIRST_GUEST;
  while (phones.has(id)) id += 1;
  return id;
}

export function askPerson({ t, store }) {
  ask({
    t,
    title: t("page.addPhone"),
    confirm: t("page.add"),
    fields: [
      { name: "first_name", label: t("page.firstName"), required: true, maxlength: "64" },
      { name: "last_name", label: t("page.lastName"), maxlength: "64" },
      { name: "role", label: t("page.role"), maxlength: "40" },
      { name: "language_code", label: t("page.language"), options: PHONE_LANGUAGES, value: "fr" },
    ],
    submit: async (values) => {
      const entries = Object.entries(values).filter(([, value]) => value.trim());
      const id = freeId(store.phones);
      await api.createPhone({ ...Object.fromEntries(entries), id, open: true, started: false });
    },
  });
}

// Who is there, but not on the table: one press brings the phone. Who is aside is in the menu of phones alone.
export function drawShelf(node, { t, store, show }) {
  const away = [...store.phones.values()].filter((phone) => !phone.open && !phone.aside);
  const rows = away.map((phone) => {
    const name = fullName(phone);
    const words = h("span", { class: "shelf-words" }, h("strong", { dir: "auto" }, name), h("span", { dir: "auto" }, phone.role));
    return h("li", {}, h("button", { type: "button", class: "shelf-person", on: { click: () => show(phone.id) } }, avatar(name, phone.id), words));
  });
  node.hidden = !away.length;
  node.setAttribute("aria-label", t("page.others"));
  node.replaceChildren(h("h2", { class: "shelf-title" }, t("page.others")), h("ul", {}, rows));
}

export function phoneChoices({ t, store, failed }) {
  const toggle = (id) => (open) => api.changePhone(id, { open }).catch(failed);
  const choices = [...store.phones.values()].map((phone) => ({ label: phone.role || fullName(phone), hint: phone.role ? fullName(phone) : "", checked: phone.open, act: toggle(phone.id) }));
  return [...choices, ...(choices.length ? [{ separator: true }] : []), { icon: "plus", label: t("page.addPhone"), act: () => askPerson({ t, store }) }];
}
