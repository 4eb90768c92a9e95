import { fileUrl } from "./api.js";
import { lightbox } from "./dialogs.js";
import { h, icon, svg } from "./dom.js";
import { number } from "./i18n.js";

const BARS = 32;

export const mediaKinds = ["photo", "video", "video_note", "animation", "voice", "audio", "document", "sticker", "location", "venue", "contact", "poll", "dice"];
export const kindOf = (message) => {
  // an animation also carries a document, a venue a location: the more telling one comes first in the list
  if (message.venue) return "venue";
  return mediaKinds.find((kind) => message[kind] !== undefined);
};

function duration(seconds = 0) {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

function fileSize(bytes, t) {
  if (!bytes) return "";
  if (bytes < 1024 * 1024) return t("phone.kilobytes", { n: number(t.language, Math.max(1, bytes / 1024), 0) });
  return t("phone.megabytes", { n: number(t.language, bytes / 1048576) });
}

function photo(message, { t }) {
  const size = message.photo.at(-1);
  const label = message.caption ? t("phone.photoOf", { text: message.caption }) : t("phone.photo");
  const image = h("img", { src: fileUrl(size.file_id), alt: "", width: size.width, height: size.height, loading: "lazy" });
  return h("button", { type: "button", class: "photo", "aria-label": label, on: { click: () => lightbox(size.file_id, label, t) } }, image);
}

function video(message, { t }, kind) {
  const item = message[kind];
  const round = kind === "video_note";
  const node = h("video", {
    class: ["video", round && "round"],
    src: fileUrl(item.file_id),
    controls: true,
    preload: "metadata",
    playsinline: true,
    loop: kind === "animation",
    "aria-label": t(`phone.${kind}`),
    width: item.width ?? item.length ?? null,
    height: item.height ?? item.length ?? null,
  });
  node.muted = kind === "animation";
  return node;
}

// The bars only look like a voice: they are drawn from the file's name, always the same for the same file.
function waveform(seed) {
  let value = [...String(seed)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) >>> 0, 7);
  return Array.from({ length: BARS }, (_, index) => {
    value = (value * 1103515245 + 12345) >>> 0;
    const height = 4 + ((value >>> 16) % 15) * Math.sin(((index + 2) / (BARS + 3)) * Math.PI);
    return h("span", { class: "bar", style: { "--height": `${Math.round(height)}px` } });
  });
}

function player(item, label, { t }) {
  const sound = h("audio", { src: fileUrl(item.file_id), preload: "none" });
  const bars = waveform(item.file_unique_id ?? item.file_id);
  const time = h("span", { class: "sound-time" }, duration(item.duration));
  const button = h("button", { type: "button", class: "play", "aria-label": label }, icon("play"));
  const draw = () => {
    const total = Number.isFinite(sound.duration) && sound.duration > 0 ? sound.duration : item.duration || 1;
    const reached = (sound.currentTime / total) * BARS;
    bars.forEach((bar, index) => bar.classList.toggle("heard", index < reached));
    time.textContent = duration(sound.paused && !sound.currentTime ? item.duration : sound.currentTime);
    button.replaceChildren(icon(sound.paused ? "play" : "pause"));
    button.setAttribute("aria-label", sound.paused ? label : t("phone.pause"));
  };
  for (const name of ["play", "pause", "timeupdate"]) sound.addEventListener(name, draw);
  sound.addEventListener("ended", () => {
    sound.currentTime = 0;
    draw();
  });
  button.addEventListener("click", () => {
    for (const other of document.querySelectorAll("audio")) if (other !== sound) other.pause();
    if (sound.paused) sound.play().catch(() => time.classList.add("unplayable"));
    else sound.pause();
  });
  return { sound, bars, time, button };
}

function voice(message, context) {
  const label = context.t("phone.playVoice", { time: duration(message.voice.duration) });
  const { sound, bars, time, button } = player(message.voice, label, context);
  return h("div", { class: "sound" }, button, h("span", { class: "wave", "aria-hidden": "true" }, bars), time, sound);
}

function audio(message, context) {
  const item = message.audio;
  const title = item.title || item.file_name || context.t("phone.audio");
  const { sound, time, button } = player(item, context.t("phone.playAudio", { title }), context);
  const about = h("span", { class: "file-about" }, h("span", { class: "file-name", dir: "auto" }, title), h("span", { class: "file-size", dir: "auto" }, item.performer ?? ""));
  return h("div", { class: "sound" }, button, about, time, sound);
}

function documentCard(message, { t }) {
  const item = message.document;
  const name = item.file_name || t("phone.document");
  const about = [fileSize(item.file_size, t), (item.file_name?.split(".").at(-1) ?? "").toUpperCase()].filter(Boolean).join(" · ");
  return h(
    "a",
    { class: "file", href: fileUrl(item.file_id), download: name, "aria-label": t("phone.download", { name }) },
    h("span", { class: "file-icon", "aria-hidden": "true" }, icon("file")),
    h("span", { class: "file-about" }, h("span", { class: "file-name", dir: "auto" }, name), h("span", { class: "file-size" }, about)),
  );
}

function sticker(message, { t }) {
  const item = message.sticker;
  const label = t("phone.stickerOf", { emoji: item.emoji ?? "" });
  if (item.is_animated) return h("span", { class: "big-emoji", role: "img", "aria-label": label }, item.emoji ?? "🙂");
  if (item.is_video) return h("video", { class: "sticker", src: fileUrl(item.file_id), autoplay: true, loop: true, playsinline: true, "aria-label": label });
  return h("img", { class: "sticker", src: fileUrl(item.file_id), alt: label });
}

// No map is fetched: streets are drawn from the coordinates so that two places look different.
function plan({ latitude, longitude }) {
  const turn = (Math.abs(latitude * 1000) % 50) - 25;
  const shift = Math.abs(longitude * 1000) % 30;
  const streets = [];
  for (let offset = -40; offset < 320; offset += 44) {
    const place = offset + shift;
    streets.push(svg("path", { d: `M${place} -80V260`, class: offset % 3 ? "street" : "avenue" }));
    streets.push(svg("path", { d: `M-60 ${place}H360`, class: offset % 3 ? "street" : "avenue" }));
  }
  return svg(
    "svg",
    { viewBox: "0 0 260 130", class: "plan", "aria-hidden": "true", preserveAspectRatio: "xMidYMid slice" },
    svg("rect", { width: "260", height: "130", class: "ground" }),
    svg("circle", { cx: 60 + shift * 3, cy: 30 + shift, r: "34", class: "park" }),
    svg("g", { transform: `rotate(${turn} 130 65)` }, ...streets),
    svg("circle", { cx: "130", cy: "65", r: "24", class: "halo" }),
    svg("path", { class: "marker", d: "M130 72c7-8 12-13 12-20a12 12 0 1 0-24 0c0 7 5 12 12 20z" }),
    svg("circle", { cx: "130", cy: "52", r: "4.5", class: "marker-hole" }),
  );
}

function place(message, { t }) {
  const spot = message.venue?.location ?? message.location;
  const coordinates = `${spot.latitude.toFixed(5)}, ${spot.longitude.toFixed(5)}`;
  const lines = message.venue ? [h("strong", { dir: "auto" }, message.venue.title), h("span", { dir: "auto" }, message.venue.address)] : [h("strong", {}, t("phone.location"))];
  return h("div", { class: "place" }, plan(spot), h("div", { class: "place-text" }, lines, h("span", { class: "coordinates", dir: "ltr" }, coordinates)));
}

function contact(message) {
  const { first_name: first, last_name: last, phone_number: phone } = message.contact;
  const name = [first, last].filter(Boolean).join(" ");
  return h("div", { class: "file" }, h("span", { class: "file-icon", "aria-hidden": "true" }, icon("contact")), h("span", { class: "file-about" }, h("span", { class: "file-name", dir: "auto" }, name), h("span", { class: "file-size", dir: "ltr" }, phone)));
}

function poll(message, { t }) {
  const { question, options } = message.poll;
  return h("div", { class: "poll" }, h("strong", { dir: "auto" }, question), h("span", { class: "file-size" }, t("phone.poll")), h("ul", {}, options.map((option) => h("li", { dir: "auto" }, option.text))));
}

const DRAW = {
  photo,
  voice,
  audio,
  sticker,
  location: place,
  venue: place,
  contact,
  poll,
  document: documentCard,
  dice: (message) => h("span", { class: "big-emoji", role: "img", "aria-label": `${message.dice.emoji} ${message.dice.value}` }, message.dice.emoji),
};

export function media(message, context) {
  const kind = kindOf(message);
  if (!kind) return null;
  return (DRAW[kind] ?? ((item, ctx) => video(item, ctx, kind)))(message, context);
}

export function album(messages, context) {
  const visual = messages.every((message) => message.photo || message.video);
  return h("div", { class: visual ? "album" : "album-list", dataset: { count: messages.length } }, messages.map((message) => h("div", { class: "album-item", dataset: { messageId: message.message_id } }, media(message, context))));
}

export function preview(message, t) {
  const text = message.text ?? message.caption;
  if (text) return text;
  const kind = kindOf(message);
  if (kind === "document") return message.document.file_name ?? t("phone.document");
  return kind ? t(`phone.${kind}`) : "";
}
