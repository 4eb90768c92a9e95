import { api } from "./api.js";
import { h, icon } from "./dom.js";
import { fullDate, number, timeWithSeconds } from "./i18n.js";

const HOUR = 3600;
const DAY = 24 * HOUR;

export class ClockBar {
  constructor(page, node) {
    this.page = page;
    this.store = page.store;
    this.node = node;
    this.date = h("time", { class: "clock-date" });
    this.seconds = h("span", { class: "clock-seconds", "aria-hidden": "true" });
    this.next = h("span", { class: "clock-next", id: "clock-next" });
    this.problem = h("span", { class: "visually-hidden", role: "status" });
    this.draw();
  }

  button(label, act, name) {
    return h("button", { type: "button", class: "clock-button", "aria-label": name, on: { click: () => this.advance(act) } }, label);
  }

  draw() {
    const { t } = this.page;
    this.node.setAttribute("aria-label", t("page.clock"));
    this.nextButton = h("button", { type: "button", class: "clock-button next-event", "aria-describedby": "clock-next", on: { click: () => this.advance(api.nextEvent) } }, icon("next"), t("page.nextEvent"));
    this.node.replaceChildren(
      h("span", { class: "clock-face" }, icon("clock"), h("span", { class: "clock-texts" }, h("span", { class: "clock-line" }, this.date, this.seconds), this.next)),
      h("span", { class: "clock-buttons" }, this.button(t("page.plusHour"), () => api.advance(HOUR), t("page.plusHourName")), this.button(t("page.plusDay"), () => api.advance(DAY), t("page.plusDayName")), this.nextButton),
      this.problem,
    );
    this.update();
  }

  async advance(act) {
    this.problem.textContent = "";
    try {
      await act();
      this.problem.textContent = this.page.t("page.clockMoved", { date: fullDate(this.page.t.language, this.store.now()) });
    } catch (error) {
      this.problem.textContent = error.message || this.page.t("page.failed");
    }
  }

  remaining(date) {
    const { t } = this.page;
    const minutes = Math.max(0, Math.round((date - this.store.now()) / 60000));
    if (minutes < 60) return t("page.inMinutes", { n: minutes });
    if (minutes < 48 * 60) return t("page.inHours", { n: Math.round(minutes / 60) });
    return t("page.inDays", { n: number(t.language, Math.round(minutes / (24 * 60)), 0) });
  }

  update() {
    const { t } = this.page;
    const { nextEvent, label } = this.store.clock;
    this.nextButton.disabled = !nextEvent;
    this.next.textContent = nextEvent ? [t("page.nextAt", { date: fullDate(t.language, nextEvent), wait: this.remaining(nextEvent) }), label].filter(Boolean).join(" – ") : t("page.noNext");
    this.next.title = this.next.textContent;
    this.tick(this.store.now());
  }

  tick(now) {
    const text = fullDate(this.page.t.language, now);
    // rewriting an equal text every second would wake screen readers for nothing
    if (this.date.textContent !== text) {
      this.date.textContent = text;
      this.date.dateTime = now.toISOString();
    }
    this.seconds.textContent = timeWithSeconds(this.page.t.language, now).slice(-3);
  }
}
