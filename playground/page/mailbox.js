import { attachmentUrl } from "./api.js";
import { h, icon } from "./dom.js";
import { fullDate, number } from "./i18n.js";
import { safeUrl } from "./links.js";

// An e-mail's HTML is shown without scripts and without a way to the network.
const LOCKED = `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`;

const ADDRESS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)])/;
const SHOWN_BY_BROWSERS = new Set(["application/pdf", "image/jpeg", "image/png"]);

// Plain text with its addresses to press on; they open beside the page, as from any mailbox.
function withLinks(text) {
  return text.split(ADDRESS).map((part, index) => {
    const address = index % 2 ? safeUrl(part) : null;
    return address ? h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, part) : part;
  });
}

// Shown beside the page where a browser can, kept as a file where it cannot.
const way = (item) => (SHOWN_BY_BROWSERS.has(item.mime) ? { target: "_blank", rel: "noopener" } : { download: item.name });

export class Mailbox {
  constructor(page, drawer) {
    Object.assign(this, { page, drawer, store: page.store, opened: new Set(), newest: 0 });
    drawer.onOpen = () => this.draw();
  }

  attachments(mail) {
    const { t } = this.page;
    return mail.attachments.map((item, index) =>
      h("a", { class: "attachment", href: attachmentUrl(mail, item.i ?? index), ...way(item), "aria-label": t("phone.download", { name: item.name }) }, icon("file"), h("span", { dir: "auto" }, item.name), h("small", {}, t("phone.kilobytes", { n: number(t.language, Math.max(1, item.size / 1024), 0) }))),
    );
  }

  letter(mail) {
    const { t } = this.page;
    const to = [mail.to].flat().join(", ");
    const content = h("div", { class: "mail-text", dir: "auto" }, withLinks(mail.text));
    const html = mail.html && h("details", { class: "mail-html" }, h("summary", {}, t("page.mailHtml")), h("iframe", { sandbox: "", srcdoc: LOCKED + mail.html, title: mail.subject }));
    const node = h(
      "details",
      { class: "mail", open: this.opened.has(mail.n), dataset: { mail: mail.n } },
      h("summary", {}, h("strong", { dir: "auto" }, mail.subject), h("span", { class: "mail-to", dir: "auto" }, t("page.mailTo", { to })), h("time", { datetime: mail.at }, fullDate(t.language, new Date(mail.at)))),
      h("p", { class: "mail-from", dir: "auto" }, t("page.mailFrom", { from: mail.from })),
      content,
      html,
      mail.attachments.length ? h("div", { class: "attachments" }, this.attachments(mail)) : null,
    );
    node.addEventListener("toggle", () => this.opened[node.open ? "add" : "delete"](mail.n));
    return node;
  }

  draw() {
    if (!this.drawer.open) return;
    const { mails } = this.store;
    const { n = 0 } = mails.at(-1) ?? {};
    if (n !== this.newest) this.opened.add(n);
    this.newest = n;
    const letters = [...mails].reverse().map((mail) => this.letter(mail));
    this.drawer.body.replaceChildren(...(letters.length ? letters : [h("p", { class: "nothing" }, this.page.t("page.noMail"))]));
  }
}
