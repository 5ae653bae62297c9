// What people do: write, press, send a picture or a place.

import { newId } from "./line.js";
import { openRoom, showEmpty, toEnd, unsentElement } from "./screen.js";
import { $, bearer, note, state } from "./state.js";
import { t } from "./texts.js";

const LONGEST_MESSAGE = 10_000; // characters, as the server takes them
const LARGEST_PHOTO = 10 * 1024 * 1024; // bytes

export function say(more) {
  if (!state.current) return note(t("connecting"));
  const frame = { type: "say", id: newId(), room: state.current, ...more };
  state.line.keep(frame);
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
  $("words").value = "";
  fitWords();
  return say({ text });
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

export async function sendPhoto(file) {
  if (!file) return;
  if (file.size > LARGEST_PHOTO) return note(t("photo_too_large"));
  const room = state.current;
  note(t("photo_sending"));
  try {
    const answer = await fetch("/api/photos", { method: "POST", headers: bearer(), body: file });
    const said = await answer.json();
    if (!answer.ok) return note(said.text || t("photo_failed"));
    note("");
    const text = state.current === room ? $("words").value.trim() : "";
    if (text) $("words").value = "";
    fitWords();
    if (state.current !== room) openRoom(room);
    return say({ text, photo: said.photo });
  } catch {
    return note(t("photo_failed"));
  }
}

export function sendPlace() {
  if (!navigator.geolocation) return note(t("place_failed"));
  note(t("place_looking"));
  const room = state.current;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      note("");
      if (state.current !== room) openRoom(room);
      const text = $("words").value.trim();
      $("words").value = "";
      fitWords();
      say({ text, location: { latitude: coords.latitude, longitude: coords.longitude } });
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
