import { toBase64 } from "./api.js";
import { ask } from "./dialogs.js";
import { h } from "./dom.js";

const SAMPLES = ["photo", "voice", "video", "document", "sticker", "album"];
const SOMEWHERE = { latitude: "48.65643", longitude: "2.38471" };

function kindOfFile(file) {
  const [family] = file.type.split("/");
  if (family === "image" && file.type !== "image/svg+xml") return "photo";
  if (file.type === "audio/ogg") return "voice";
  return { video: "video", audio: "audio" }[family] ?? "document";
}

async function asItem(file) {
  return { kind: kindOfFile(file), file: await toBase64(file), file_name: file.name, mime: file.type || "application/octet-stream" };
}

export async function sendFiles(files, send, caption = "") {
  const items = await Promise.all([...files].map(asItem));
  if (!items.length) return undefined;
  if (items.length === 1) return send({ ...items[0], ...(caption && { caption }) });
  if (caption) items[0].caption = caption;
  return send({ kind: "album", items: items.slice(0, 10) });
}

export function sendOwnContact(phone, send) {
  const contact = { phone_number: `+33639${String(phone.id).padStart(6, "0").slice(-6)}`, first_name: phone.first_name, user_id: phone.id };
  return send({ kind: "contact", contact });
}

export const sendSomewhere = (send) => send({ kind: "location", latitude: Number(SOMEWHERE.latitude), longitude: Number(SOMEWHERE.longitude) });

function askLocation({ t, send, scope }) {
  const field = (name) => ({ name, label: t(`phone.${name}`), value: SOMEWHERE[name], required: true, inputmode: "decimal", dir: "ltr" });
  ask({
    t,
    scope,
    title: t("phone.location"),
    confirm: t("phone.send"),
    fields: [field("latitude"), field("longitude")],
    submit: async (values) => {
      const [latitude, longitude] = [values.latitude, values.longitude].map((text) => Number(text.replace(",", ".")));
      if (!(Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180)) throw new Error(t("phone.badCoordinates"));
      await send({ kind: "location", latitude, longitude });
    },
  });
}

function askContact({ t, phone, send, scope }) {
  ask({
    t,
    scope,
    title: t("phone.contact"),
    confirm: t("phone.send"),
    fields: [
      { name: "own", label: t("phone.ownContact"), type: "checkbox", value: true },
      { name: "first_name", label: t("phone.otherName"), value: "" },
      { name: "phone_number", label: t("phone.otherNumber"), value: "", type: "tel", dir: "ltr" },
    ],
    submit: async (values) => {
      if (values.own) return sendOwnContact(phone, send);
      if (!values.first_name || !values.phone_number) throw new Error(t("phone.contactIncomplete"));
      return send({ kind: "contact", contact: { first_name: values.first_name, phone_number: values.phone_number } });
    },
  });
}

// The entries of the attach menu; `caption` empties the composer and gives what was written there.
export function attachItems({ t, phone, send, caption, scope }) {
  const picker = h("input", { type: "file", multiple: true });
  picker.addEventListener("change", () => sendFiles(picker.files, send, caption()));
  const sample = (kind) => ({
    icon: { sticker: "smile", document: "file" }[kind] ?? kind,
    label: t(`phone.attach.${kind}`),
    act: () => {
      const text = kind === "sticker" ? "" : caption();
      send({ kind, ...(text && { caption: text }) });
    },
  });
  return [
    ...SAMPLES.map(sample),
    { icon: "location", label: t("phone.attach.location"), act: () => askLocation({ t, send, scope }) },
    { icon: "contact", label: t("phone.attach.contact"), act: () => askContact({ t, phone, send, scope }) },
    { separator: true },
    { icon: "paperclip", label: t("phone.attach.own"), act: () => picker.click() },
  ];
}
