// What the page knows, and the small things that all of it uses.

import { make } from "./view.js";

const TOAST_FOR = 5_000; // ms

export const $ = (id) => document.getElementById(id);
export const fragment = new URLSearchParams(location.hash.slice(1));

export const state = {
  token: null,
  line: null,
  list: null,
  me: null,
  rooms: [],
  current: null,
  talks: new Map(), // room -> { messages: [in order], earlier: bool }
  presses: new Map(), // frame id -> { message, data }
  replyTo: null, // the message that the next words answer
  drafts: new Map(), // room -> words not sent
  pressedAt: 0,
  size: 20,
};

export const bearer = () => ({ Authorization: `Bearer ${state.token}` });

export function note(text) {
  $("composer-note").textContent = text;
}

export function toast(text, bad = false) {
  const shown = make("p", bad ? "bad" : "", text);
  $("toasts").append(shown);
  setTimeout(() => shown.remove(), TOAST_FOR);
}

export function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

export function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: asked again next time.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // It was never kept.
  }
}
