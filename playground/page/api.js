export class ApiError extends Error {}

async function call(method, path, body) {
  const options = { method, headers: {} };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let response;
  try {
    response = await fetch(`/playground/${path}`, options);
  } catch {
    throw new ApiError("");
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiError(answer.error || response.statusText);
  return answer;
}

const post = (path, body = {}) => call("POST", path, body);

export const api = {
  state: () => call("GET", "state"),
  flood: (on) => post("flood", { on }),
  advance: (seconds) => post("clock", { advance_seconds: seconds }),
  nextEvent: () => post("clock", { next_event: true }),
  createPhone: (body) => post("phones", body),
  changePhone: (id, change) => post(`phones/${id}`, change),
  send: (id, body) => post(`phones/${id}/send`, body),
  edit: (id, body) => post(`phones/${id}/edit`, body),
  press: (id, body) => post(`phones/${id}/press`, body),
  react: (id, body) => post(`phones/${id}/react`, body),
  remove: (id, body) => post(`phones/${id}/delete`, body),
  block: (id, body) => post(`phones/${id}/block`, body),
  unblock: (id, body) => post(`phones/${id}/unblock`, body),
};

export const fileUrl = (fileId) => `/playground/files/${encodeURIComponent(fileId)}`;
export const attachmentUrl = (mail, index) => `/playground/mails/${mail.n}/attachments/${index}`;

export function toBase64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result).split(",", 2)[1] ?? ""));
    reader.addEventListener("error", () => reject(new ApiError(reader.error?.message ?? "")));
    reader.readAsDataURL(file);
  });
}
