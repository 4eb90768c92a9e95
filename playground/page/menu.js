// One menu for the whole page: opened beside a control, walked with the arrows, closed with Escape.
import { h, icon } from "./dom.js";

let current = null;

export function closeMenu(giveFocusBack = true) {
  if (!current) return;
  const { node, anchor, stop } = current;
  current = null;
  stop.abort();
  node.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (giveFocusBack && anchor.isConnected) anchor.focus();
}

function place(node, anchor) {
  const box = anchor.getBoundingClientRect();
  const size = node.getBoundingClientRect();
  const rtl = getComputedStyle(node).direction === "rtl";
  const start = rtl ? box.right - size.width : box.left;
  const left = Math.max(8, Math.min(start, innerWidth - size.width - 8));
  const above = box.bottom + size.height + 8 > innerHeight && box.top > size.height;
  const top = above ? box.top - size.height - 6 : Math.min(box.bottom + 6, innerHeight - size.height - 8);
  node.style.setProperty("left", `${left}px`);
  node.style.setProperty("top", `${Math.max(8, top)}px`);
}

function itemNode(item) {
  if (item.separator) return h("div", { class: "menu-line", role: "separator" });
  if (item.row) return h("div", { class: "menu-row", role: "group", "aria-label": item.label }, item.row.map(itemNode));
  const checkable = item.checked !== undefined;
  return h(
    "button",
    {
      type: "button",
      class: ["menu-item", item.danger && "danger", item.compact && "compact"],
      role: checkable ? "menuitemcheckbox" : "menuitem",
      tabindex: "-1",
      "aria-checked": checkable ? String(item.checked) : null,
      "aria-label": item.name ?? null,
      on: {
        click: (event) => {
          if (checkable) {
            item.checked = !item.checked;
            event.currentTarget.setAttribute("aria-checked", String(item.checked));
          } else closeMenu();
          item.act(item.checked);
        },
      },
    },
    checkable ? h("span", { class: "tick", "aria-hidden": "true" }, icon("check")) : item.icon && icon(item.icon),
    h("span", { class: "menu-text", dir: "auto" }, item.label),
    item.hint && h("span", { class: "menu-hint", dir: "auto" }, item.hint),
  );
}

function onKey(event, node) {
  const items = [...node.querySelectorAll(".menu-item")];
  const index = items.indexOf(document.activeElement);
  const steps = { ArrowDown: index + 1, ArrowUp: index - 1, ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: -1 };
  if (event.key in steps) items.at(steps[event.key] % items.length)?.focus();
  else if (event.key === "Escape" || event.key === "Tab") closeMenu();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

export function openMenu(anchor, label, items) {
  const again = current?.anchor === anchor;
  closeMenu(false);
  if (again) return;
  const scope = anchor.closest("[dir]");
  const node = h("div", { class: "menu", role: "menu", "aria-label": label, dir: scope?.dir, lang: scope?.lang }, items.filter(Boolean).map(itemNode));
  const stop = new AbortController();
  const { signal } = stop;
  current = { node, anchor, stop };
  document.body.append(node);
  place(node, anchor);
  anchor.setAttribute("aria-expanded", "true");
  node.querySelector(".menu-item")?.focus();
  node.addEventListener("keydown", (event) => onKey(event, node), { signal });
  const outside = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) closeMenu(false);
  };
  document.addEventListener("pointerdown", outside, { signal });
  addEventListener("resize", () => closeMenu(false), { signal });
}
