// What a link means inside a phone: Telegram's own links act in the phone, the others open in the browser.

const TELEGRAM_HOSTS = new Set(["t.me", "telegram.me", "telegram.dog"]);
const SAFE = new Set(["http:", "https:", "tg:", "mailto:", "tel:"]);

export function safeUrl(text) {
  const value = String(text ?? "").trim();
  const complete = /^[a-z][a-z0-9+.-]*:/i.test(value) && !/^[^/]*\.[a-z]{2,}:\d/i.test(value) ? value : `https://${value}`;
  try {
    const url = new URL(complete);
    return SAFE.has(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

export function isTelegramUrl(address) {
  const url = new URL(address);
  return url.protocol === "tg:" || TELEGRAM_HOSTS.has(url.hostname);
}

// → {username, start?} of a link to a bot, or null
export function botLink(text) {
  const address = safeUrl(text);
  if (!address || !isTelegramUrl(address)) return null;
  const url = new URL(address);
  const username = url.protocol === "tg:" ? url.searchParams.get("domain") : url.pathname.split("/")[1];
  if (!username) return null;
  return { username, start: url.searchParams.get("start") };
}
