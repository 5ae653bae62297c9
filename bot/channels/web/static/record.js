// A voice: one tap and speak, another and it is sent; or hold, speak, let go. By keyboard and screen reader alike.

import { sendVoice } from "./compose.js";
import { lasting } from "./media.js";
import { $, note, state } from "./state.js";
import { t } from "./texts.js";

const LONGEST_VOICE = 120; // s: nobody who has to act listens longer; it is sent then, and there can be a next one
const SHORTEST_VOICE = 500; // ms: less is a slip of the finger
const HELD = 700; // ms: whoever holds longer wants it sent when letting go
const BITS_PER_SECOND = 32_000; // speech is clear, and two minutes are half a megabyte

// The first that this browser records. The first is played by every browser, and by Telegram.
const KINDS = ["audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/ogg;codecs=opus"];

const canRecord = Boolean(navigator.mediaDevices && window.MediaRecorder);

let recorder = null;
let asking = false;
let began = 0;
let pressed = { at: 0, off: false, done: false };
let ticking = 0;

export function wireRecorder() {
  const button = $("voice");
  button.onpointerdown = () => {
    if (!canRecord) return;
    pressed = { at: Date.now(), off: !recorder, done: false };
    if (!recorder) begin();
  };
  button.onpointerup = () => {
    if (!recorder || !pressed.off || Date.now() - pressed.at < HELD) return;
    pressed.done = true;
    finish();
  };
  button.onclick = () => {
    // Without a microphone for pages, the phone's own recorder does.
    if (!canRecord) return $("voice-file").click();
    const { at, off, done } = pressed;
    pressed = { at: 0, off: false, done: false };
    // A press that began it or ended it has done its work already; a key has not.
    if (done || (at && off)) return;
    if (recorder) finish();
    else begin();
  };
  button.oncontextmenu = (event) => event.preventDefault();
  $("voice-cancel").onclick = cancel;
  addEventListener("keydown", (event) => event.key === "Escape" && recorder && cancel());
}

async function begin() {
  if (asking || !state.current) return;
  asking = true;
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    start(stream);
  } catch {
    note(t("voice_forbidden"));
  } finally {
    asking = false;
  }
}

function start(stream) {
  const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
  const [chunks, room] = [[], state.current];
  recorder = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
  recorder.ondataavailable = (event) => chunks.push(event.data);
  recorder.onstop = () => {
    for (const track of stream.getTracks()) track.stop();
    const milliseconds = Date.now() - began;
    const wanted = recorder.wanted;
    recorder = null;
    show();
    if (!wanted) return;
    if (milliseconds < SHORTEST_VOICE) return note(t("voice_short"));
    sendVoice(new Blob(chunks, { type: mimeType }), Math.round(milliseconds / 1000), room);
  };
  recorder.start();
  began = Date.now();
  note("");
  show();
}

function finish() {
  if (recorder.state === "inactive") return;
  recorder.wanted = true;
  recorder.stop();
}

function cancel() {
  if (recorder?.state === "recording") recorder.stop();
  $("voice").focus();
}

function show() {
  const on = Boolean(recorder);
  $("composer").classList.toggle("recording", on);
  $("recording").hidden = !on;
  $("words").hidden = on;
  $("voice").setAttribute("aria-label", t(on ? "voice_done" : "speak"));
  $("voice").title = t(on ? "voice_done" : "speak");
  $("voice").setAttribute("aria-pressed", on);
  $("heard").textContent = on ? t("voice_on") : "";
  clearInterval(ticking);
  if (on) ticking = setInterval(tick, 200);
  tick();
}

function tick() {
  const seconds = recorder ? (Date.now() - began) / 1000 : 0;
  $("voice-time").textContent = `${lasting(seconds)} / ${lasting(LONGEST_VOICE)}`;
  if (recorder && seconds >= LONGEST_VOICE) finish();
}
