import { api } from "./api.js";
import { h } from "./dom.js";
import { timeWithSeconds } from "./i18n.js";

const isProblem = (entry) => Boolean(entry.error || entry.unknown?.length || entry.status >= 400);

export class Log {
  constructor(page, drawer) {
    Object.assign(this, { page, drawer, store: page.store, onlyProblems: false, opened: new Set() });
    drawer.onOpen = () => this.draw();
    const box = h("input", { type: "checkbox", id: "only-problems" });
    box.addEventListener("change", () => {
      this.onlyProblems = box.checked;
      this.draw();
    });
    drawer.tools.replaceChildren(box, h("label", { for: "only-problems" }, page.t("page.onlyProblems")));
    this.limits = h("input", { type: "checkbox", id: "flood-limits" });
    this.limits.addEventListener("change", () => this.setLimits());
    drawer.body.before(h("div", { class: "drawer-row" }, this.limits, h("label", { for: "flood-limits" }, page.t("page.floodLimits"))));
  }

  // Shown as the playground has it, on every page that is open: what it did not take is not shown as done.
  async setLimits() {
    try {
      await api.flood(this.limits.checked);
    } catch {
      this.drawLimits();
    }
  }

  drawLimits() {
    this.limits.checked = this.store.flood.on;
  }

  line(entry) {
    const { t } = this.page;
    const time = h("time", { datetime: entry.at }, timeWithSeconds(t.language, new Date(entry.at)));
    if (entry.kind === "note") return h("li", { class: "log-entry note" }, h("div", { class: "log-line" }, time, h("span", { dir: "auto" }, entry.text)));
    const problem = isProblem(entry);
    const about = h(
      "span",
      { class: "log-line" },
      time,
      h("code", { class: "log-method" }, entry.method),
      h("span", { class: ["log-status", entry.status >= 400 && "bad"] }, entry.status),
    );
    const details = [
      entry.error && h("p", { class: "log-error", dir: "auto" }, entry.error),
      entry.unknown?.length ? h("p", { class: "log-error" }, t("page.unknownParams", { names: entry.unknown.join(", ") })) : null,
    ];
    const parameters = h("pre", { dir: "ltr" }, JSON.stringify(entry.params ?? {}, null, 1));
    const folded = h("details", { open: this.opened.has(entry.n) }, h("summary", {}, about), parameters);
    folded.addEventListener("toggle", () => this.opened[folded.open ? "add" : "delete"](entry.n));
    return h("li", { class: ["log-entry", problem && "problem"], dataset: { method: entry.method } }, folded, details);
  }

  draw() {
    this.drawLimits();
    if (!this.drawer.open) return;
    const entries = this.store.log.filter((entry) => !this.onlyProblems || isProblem(entry)).reverse();
    const { body } = this.drawer;
    const empty = h("p", { class: "nothing" }, this.page.t("page.noLog"));
    body.replaceChildren(entries.length ? h("ol", { class: "log-list" }, entries.map((entry) => this.line(entry))) : empty);
  }
}
