// The chat: what is on the screen follows what the server says, and nothing else.

import { beginReport, fitWords, say, sendFiles, sendPlace, sendVoice, sendWords } from "./compose.js";
import { comeIn } from "./entry.js";
import { Line } from "./line.js";
import { wireRecorder } from "./record.js";
import { endReply } from "./reply.js";
import { RoomList } from "./rooms.js";
import { describeRoom, isAtEnd, openRoom, renderRooms, replaceElement, seen, showAll, showOne, talkOf, toEnd } from "./screen.js";
import { $, bearer, forget, fragment, keep, note, state, stored, toast } from "./state.js";
import { loadTexts, t } from "./texts.js";

const SIZES = [18, 20, 22, 25, 29, 34, 40]; // px
const poster = /^\/join\/([^/]+)$/.exec(location.pathname)?.[1];

state.list = new RoomList({ choose: (room) => openRoom(room, true) });

// -- coming in --------------------------------------------------------------------------------------------------------

async function start() {
  setSize(Number(fragment.get("size")) || stored("gridbot.size") || 20);
  await loadTexts();
  const session = stored("gridbot.session");
  if (fragment.get("token")) return begin(fragment.get("token"));
  if (poster || !session) {
    const signedIn = await comeIn(poster && decodeURIComponent(poster), session);
    keep("gridbot.session", signedIn);
    history.replaceState(null, "", "/");
    return begin(signedIn.token);
  }
  return begin(session.token);
}

function begin(token) {
  state.token = token;
  $("entry").hidden = true;
  $("chat").hidden = false;
  $("line-state").textContent = t("connecting");
  state.line = new Line(token, { frame: take, state: lineState });
}

function lineState(now) {
  if (now === "signed out") {
    if (fragment.get("token")) return void ($("line-state").textContent = t("no_line"));
    forget("gridbot.session");
    return location.replace("/");
  }
  $("line-state").classList.toggle("broken", now !== "open");
  if (now === "open") describeRoom();
  else $("line-state").textContent = now === "elsewhere" ? t("elsewhere") : t("no_line");
}

async function leave() {
  if (!confirm(t("leave_sure"))) return;
  state.line.close();
  forget("gridbot.session");
  await fetch("/api/leave", { method: "POST", headers: bearer() }).catch(() => null);
  location.replace("/");
}

// -- what the server says ---------------------------------------------------------------------------------------------

function take(frame) {
  if (frame.type === "rooms") takeRooms(frame);
  else if (frame.type === "messages") takeMessages(frame);
  else if (frame.type === "named") takeName(frame);
  else if (frame.type === "toast") answered(frame);
  else if (frame.type === "stored") wasStored(frame.id);
  else if (frame.type === "refused") wasRefused(frame);
  else if (frame.type === "later") note(frame.text);
}

function takeRooms({ me, rooms }) {
  state.me = me;
  if (!state.rooms.length) note("");
  state.rooms = rooms;
  state.list.show(me, rooms);
  const wanted = [state.current, fragment.get("room"), stored(`gridbot.room.${me.account}`), rooms[1]?.id, rooms[0].id];
  const room = wanted.find((id) => rooms.some((each) => each.id === id));
  if (room !== state.current) openRoom(room);
  else renderRooms();
}

function takeName({ room, name }) {
  const named = state.rooms.find((each) => each.id === room);
  if (!named) return;
  named.name = name;
  describeRoom();
  renderRooms();
}

function takeMessages(frame) {
  const talk = talkOf(frame.room);
  if (frame.reset) talk.messages = [];
  if ("earlier" in frame) talk.earlier = frame.earlier;
  const oldest = talk.messages[0]?.id ?? 0;
  const isHistory = "earlier" in frame && !frame.reset;
  const fresh = frame.messages.filter((message) => frame.reset || isHistory || message.id >= oldest || !oldest);
  const before = new Map(talk.messages.map((message) => [message.id, message]));
  for (const message of fresh) before.set(message.id, message);
  const old = talk.messages;
  talk.messages = [...before.values()].sort((one, other) => one.id - other.id);
  if (frame.room === state.current) {
    const simple = !frame.reset && !isHistory && fresh.length === 1;
    if (simple) showOne(fresh[0], old.find((message) => message.id === fresh[0].id));
    else showAll({ stay: isHistory });
  }
  renderRooms();
}

function wasStored(id) {
  note("");
  const element = document.querySelector(`[data-client="${CSS.escape(id)}"]`);
  element?.classList.remove("unsent");
  const message = talkOf(state.current).messages.find((each) => each.client === id);
  if (element && message) replaceElement(element, message);
  // A press that was handled before this page came back gets no second answer.
  if (state.presses.has(id)) setTimeout(() => endPress(id), 1500);
}

function wasRefused(frame) {
  if (frame.was?.type === "say") {
    document.querySelector(`[data-client="${CSS.escape(frame.id)}"]`)?.remove();
    if (frame.was.text && !$("words").value) $("words").value = frame.was.text;
    fitWords();
  }
  endPress(frame.id);
  toast(frame.text, true);
}

function answered(frame) {
  endPress(frame.id);
  if (frame.text) toast(frame.text);
}

function endPress(id) {
  state.presses.delete(id);
  for (const button of document.querySelectorAll(".press[aria-busy]")) {
    if (![...state.presses.values()].some((press) => press.data === button.dataset.data)) button.removeAttribute("aria-busy");
  }
}

// -- the size of the letters ------------------------------------------------------------------------------------------

function setSize(size) {
  const nearest = SIZES.reduce((best, each) => (Math.abs(each - size) < Math.abs(best - size) ? each : best));
  document.documentElement.style.setProperty("--size", `${nearest}px`);
  state.size = nearest;
}

function stepSize(step) {
  setSize(SIZES[Math.min(SIZES.length - 1, Math.max(0, SIZES.indexOf(state.size) + step))]);
  keep("gridbot.size", state.size);
  $("smaller").disabled = state.size === SIZES[0];
  $("larger").disabled = state.size === SIZES.at(-1);
  fitWords();
  if (isAtEnd()) toEnd();
}

// The same one may be chosen again.
function chosen(input, send) {
  const files = [...input.files];
  input.value = "";
  send(files);
}

// -- hands on ---------------------------------------------------------------------------------------------------------

$("composer").onsubmit = (event) => {
  event.preventDefault();
  sendWords();
};
$("words").oninput = fitWords;
$("words").onkeydown = (event) => {
  const onDesk = matchMedia("(pointer: fine)").matches;
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing && onDesk) {
    event.preventDefault();
    sendWords();
  }
};
$("report").onclick = beginReport;
for (const chip of document.querySelectorAll("[data-say]")) chip.onclick = () => say({ text: t(chip.dataset.say).trim() });
$("photo").onclick = () => $("photo-file").click();
$("photo-file").onchange = () => chosen($("photo-file"), sendFiles);
$("voice-file").onchange = () => chosen($("voice-file"), ([file]) => file && sendVoice(file, 0));
$("reply-cancel").onclick = endReply;
wireRecorder();
$("place").onclick = sendPlace;
$("earlier").onclick = () => state.line.ask({ type: "earlier", room: state.current, before: talkOf(state.current).messages[0]?.id ?? 0 });
$("smaller").onclick = () => stepSize(-1);
$("larger").onclick = () => stepSize(1);
$("leave").onclick = leave;
$("scroll").onscroll = () => isAtEnd() && ($("jump").hidden = true);
document.addEventListener("visibilitychange", () => {
  if (document.hidden || !state.current) return;
  seen();
  renderRooms();
});
if (fragment.get("token")) $("leave").hidden = true;

start();
