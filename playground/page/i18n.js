export const PAGE_LANGUAGES = { fr: "Français", en: "English", ar: "العربية" };
export const PHONE_LANGUAGES = { ...PAGE_LANGUAGES, tr: "Türkçe", pt: "Português", es: "Español" };

const RIGHT_TO_LEFT = new Set(["ar", "fa", "he", "ur"]);
const FALLBACK = "fr";
const STORED = "playground.language";
const catalogues = {};

export async function loadCatalogues() {
  const load = async (code) => {
    const answer = await fetch(`/static/lang/${code}.json`);
    catalogues[code] = await answer.json();
  };
  await Promise.all(Object.keys(PAGE_LANGUAGES).map(load));
}

export const base = (code) => String(code || FALLBACK).toLowerCase().split("-")[0];
export const direction = (code) => (RIGHT_TO_LEFT.has(base(code)) ? "rtl" : "ltr");

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

export function translator(code) {
  const language = base(code) in catalogues ? base(code) : FALLBACK;
  const plural = new Intl.PluralRules(language);
  const t = (key, values = {}) => {
    const found = catalogues[language][key] ?? catalogues[FALLBACK][key] ?? key;
    if (typeof found === "string") return fill(found, values);
    return fill(found[plural.select(values.n)] ?? found.other, values);
  };
  t.language = language;
  return t;
}

export function pageLanguage() {
  const asked = new URLSearchParams(location.search).get("lang");
  if (asked in PAGE_LANGUAGES) return asked;
  try {
    const stored = localStorage.getItem(STORED);
    if (stored in PAGE_LANGUAGES) return stored;
  } catch {
    return FALLBACK;
  }
  return FALLBACK;
}

export function rememberPageLanguage(code) {
  try {
    localStorage.setItem(STORED, code);
  } catch {
    // a browser that refuses storage simply asks again next time
  }
}

const ZONE = "Europe/Paris";
const formats = new Map();

function format(language, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) {
    // Western digits in Arabic, as in France and the Maghreb
    const locale = base(language) === "ar" ? "ar-u-nu-latn" : language;
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }));
  }
  return formats.get(key);
}

const TIME = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };

export const shortTime = (language, date) => format(language, TIME).format(date);
export const timeWithSeconds = (language, date) => format(language, { ...TIME, second: "2-digit" }).format(date);
export const dayKey = (date) => format("en-CA", { year: "numeric", month: "2-digit", day: "2-digit" }).format(date);

export function longDay(language, date, withYear = true) {
  const options = { weekday: "long", day: "numeric", month: "long", ...(withYear && { year: "numeric" }) };
  return format(language, options).format(date);
}

export function fullDate(language, date) {
  const day = longDay(language, date);
  const clock = shortTime(language, date);
  if (base(language) !== "fr") return `${day}${base(language) === "ar" ? "، " : ", "}${clock}`;
  const [hour, minute] = clock.split(":");
  return `${day} à ${Number(hour)} h ${minute}`;
}

export const number = (language, value, digits = 1) =>
  new Intl.NumberFormat(base(language) === "ar" ? "ar-u-nu-latn" : language, { maximumFractionDigits: digits }).format(value);
