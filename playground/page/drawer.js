import { h, iconButton } from "./dom.js";

// A panel at the side of the page; one is open at a time and the page stays usable beside it.
export class Drawer {
  constructor({ node, button, title, close }) {
    Object.assign(this, { node, button });
    this.heading = h("h2", { id: `${node.id}-title`, tabindex: "-1" }, title);
    this.tools = h("div", { class: "drawer-tools" });
    this.body = h("div", { class: "drawer-body", tabindex: "0", role: "region", "aria-labelledby": `${node.id}-title` });
    node.setAttribute("aria-labelledby", `${node.id}-title`);
    node.replaceChildren(h("header", { class: "drawer-head" }, this.heading, this.tools, iconButton("close", close, () => this.toggle(false))), this.body);
    // no expression: what such a handler returns would take every other key away from the controls inside
    node.onkeydown = (event) => {
      if (event.key === "Escape") this.toggle(false);
    };
    button.setAttribute("aria-controls", node.id);
    button.setAttribute("aria-expanded", String(this.open));
    button.addEventListener("click", () => this.toggle(!this.open));
  }

  get open() {
    return !this.node.hidden;
  }

  toggle(open, giveFocusBack = true) {
    if (open === this.open) return;
    this.node.hidden = !open;
    this.button.setAttribute("aria-expanded", String(open));
    if (open) {
      this.onOpen?.();
      this.heading.focus();
    } else if (giveFocusBack) this.button.focus();
  }
}
