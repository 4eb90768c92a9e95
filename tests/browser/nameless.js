// → the controls and regions in sight that have no accessible name
() => {
  const text = (node) => [...node.childNodes].map((child) => child.nodeType === 3 ? child.data
    : child.getAttribute?.("aria-hidden") === "true" ? "" : (child.getAttribute?.("aria-label") ?? child.alt ?? text(child))).join("");
  const name = (node) => node.getAttribute("aria-label") || node.title
    || (node.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join("")
    || [...(node.labels ?? [])].map((label) => label.textContent).join("") || text(node);
  const wanted = "button, a[href], input, select, textarea, summary, video, iframe, section, aside, dialog, [role], [tabindex='0']";
  const free = new Set(["separator", "presentation", "status", "alert"]);
  return [...document.querySelectorAll(wanted)]
    .filter((node) => node.checkVisibility() && !free.has(node.getAttribute("role")))
    .filter((node) => !name(node).trim()).map((node) => node.outerHTML.slice(0, 160));
}
