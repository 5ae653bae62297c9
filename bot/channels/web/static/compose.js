// What people do: write, press, send pictures, voices, files or a place.

import { newId } from "./line.js";
import { know } from "./media.js";
import { takeReply } from "./reply.js";
import { openRoom, showEmpty, toEnd, unsentElement } from "./screen.js";
import { $, bearer, note, state } from "./state.js";
import { t } from "./texts.js";

const LONGEST_MESSAGE = 10_000; // characters, as the server takes them
const LARGEST_PHOTO = 10 * 1024 * 1024; // bytes
const LARGEST_FILE = 20 * 1024 * 1024; // bytes, of anything else
const ALBUM = 10; // pictures at once, as on other services
const QUICKLY_SENT = 1024 * 1024; // bytes: a larger picture is made smaller here first, for slow lines
const LONGEST_SIDE = 1600; // px, as the server keeps them

export function say(more, room = state.current) {
  if (!room) return note(t("connecting"));
  const frame = { type: "say", id: newId(), room, ...more };
  state.line.keep(frame);
  if (room !== state.current) return null;
  $("messages").append(unsentElement(frame));
  showEmpty();
  return toEnd();
}

export function sendWords() {
  const text = $("words").value.trim();
  if (!text) return $("words").focus();
  if (!state.current) return note(t("connecting"));
  if (text.length > LONGEST_MESSAGE) return note(t("too_long", { n: LONGEST_MESSAGE }));
  note("");
  return say({ text: takeWords(), reply_to: takeReply() });
}

export function press(message, button, data) {
  if (button.getAttribute("aria-busy")) return;
  const id = newId();
  button.setAttribute("aria-busy", "true");
  state.presses.set(id, { data, message: message.id });
  state.pressedAt = Date.now();
  state.line.keep({ type: "press", id, room: state.current, message: message.id, data });
}

export function beginReport() {
  const words = $("words");
  if (!words.value.startsWith(t("report_word").trim())) words.value = t("report_word") + words.value;
  words.placeholder = t("report_hint");
  fitWords();
  words.focus();
  words.setSelectionRange(words.value.length, words.value.length);
}

// Several that were chosen together are one album; the words go with the first.
export async function sendFiles(files) {
  const [chosen, room] = [[...files], state.current];
  if (!chosen.length) return;
  if (chosen.length > ALBUM) return note(t("too_many", { n: ALBUM }));
  const album = chosen.length > 1 ? newId() : undefined;
  let [text, reply] = [undefined, undefined];
  for (const [number, file] of chosen.entries()) {
    const attachment = await upload(mediumOf(file), await smaller(file), album && { n: number + 1, all: chosen.length });
    if (!attachment) return;
    if (!number && room === state.current) [text, reply] = [takeWords(), takeReply()];
    say({ text, attachment, album, reply_to: reply }, room);
    text = undefined;
  }
}

export async function sendVoice(blob, seconds, room = state.current) {
  const attachment = await upload("voice", blob, false, seconds);
  if (attachment) say({ attachment, reply_to: room === state.current ? takeReply() : undefined }, room);
}

export function sendPlace() {
  if (!navigator.geolocation) return note(t("place_failed"));
  note(t("place_looking"));
  const room = state.current;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      note("");
      if (state.current !== room) openRoom(room);
      const location = { latitude: coords.latitude, longitude: coords.longitude };
      say({ text: takeWords(), reply_to: takeReply(), location });
    },
    () => note(t("place_failed")),
    { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
  );
}

export function fitWords() {
  const words = $("words");
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight + 4}px`;
}

function takeWords() {
  const text = $("words").value.trim();
  $("words").value = "";
  fitWords();
  return text;
}

const mediumOf = (file) =>
  ({ image: "photo", audio: "voice", video: "video" })[file.type.split("/")[0]] ?? "file";

// The server's name for it; null where it was not taken, and the page says why.
async function upload(medium, blob, counted = false, seconds = 0) {
  if (medium === "photo" && blob.size > LARGEST_PHOTO) return note(t("photo_too_large"));
  if (blob.size > LARGEST_FILE) return note(t("file_too_large"));
  note(counted ? t("uploading_one", counted) : t("uploading"));
  try {
    const answer = await fetch(`/api/media?${new URLSearchParams({ medium, seconds })}`, { method: "POST", headers: bearer(), body: blob });
    const said = await answer.json();
    note(answer.ok ? "" : said.text || t("upload_failed"));
    if (!answer.ok) return null;
    know(said.attachment, said.medium, seconds);
    return said.attachment;
  } catch {
    return note(t("upload_failed"));
  }
}

async function smaller(file) {
  if (mediumOf(file) !== "photo" || file.size < QUICKLY_SENT) return file;
  try {
    const whole = await createImageBitmap(file);
    const scale = Math.min(1, LONGEST_SIDE / Math.max(whole.width, whole.height));
    const paper = Object.assign(document.createElement("canvas"), { width: whole.width * scale, height: whole.height * scale });
    paper.getContext("2d").drawImage(whole, 0, 0, paper.width, paper.height);
    return await new Promise((done) => paper.toBlob((blob) => done(blob ?? file), "image/jpeg", 0.85));
  } catch {
    return file; // The server says what is wrong with it.
  }
}
