import { h } from "./dom.js";

const TONES = 6;

export function initials(name) {
  const words = String(name).replace(/[^\p{L}\p{N}\s-]/gu, "").trim().split(/[\s-]+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("") || "·";
}

export const tone = (id) => Math.abs(Number(id) || 0) % TONES;

export function avatar(name, id, extraClass = "") {
  return h("span", { class: ["avatar", extraClass], dataset: { tone: tone(id) }, "aria-hidden": "true" }, initials(name));
}
