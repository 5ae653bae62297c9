// The chat: what is on the screen follows what the server says, and nothing else.

import { comeIn } from "./entry.js";
import { Line, newId } from "./line.js";
import { RoomList, roomName } from "./rooms.js";
import { dayOf, loadTexts, t } from "./texts.js";
import { daySeparator, make, messageElement } from "./view.js";

const LONGEST_MESSAGE = 10_000; // characters, as the server takes them
const LARGEST_PHOTO = 10 * 1024 * 1024; // bytes
const NEAR_THE_END = 160; // px: whoever reads the last words wants to see the next
const CHANGED_FOR = 2_500; // ms a changed card is lit
const TOAST_FOR = 5_000; // ms
const SIZES = [18, 20, 22, 25, 29, 34, 40]; // px

const $ = (id) => document.getElementById(id);
const fragment = new URLSearchParams(location.hash.slice(1));
const poster = /^\/join\/([^/]+)$/.exec(location.pathname)?.[1];

const state = {
  token: null,
  me: null,
  rooms: [],
  current: null,
  talks: new Map(), // room -> { messages: [in order], earlier: bool }
  presses: new Map(), // frame id -> { room, data }
  pictures: new Map(), // photo -> promise of an object URL
  drafts: new Map(), // room -> words not sent
  pressedAt: 0,
};
let line;
const list = new RoomList({ choose: (room) => openRoom(room, true) });

// -- coming in ---------------------------------------------------------------------------------------------------------

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
  line = new Line(token, { frame: take, state: lineState });
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
  line.close();
  forget("gridbot.session");
  await fetch("/api/leave", { method: "POST", headers: bearer() }).catch(() => null);
  location.replace("/");
}

// -- what the server says ------------------------------------------------------------------------------------------------

function take(frame) {
  if (frame.type === "rooms") takeRooms(frame);
  else if (frame.type === "messages") takeMessages(frame);
  else if (frame.type === "toast") answered(frame);
  else if (frame.type === "stored") wasStored(frame.id);
  else if (frame.type === "refused") wasRefused(frame);
  else if (frame.type === "later") note(frame.text);
}

function takeRooms({ me, rooms }) {
  state.me = me;
  if (!state.rooms.length) note("");
  state.rooms = rooms;
  list.show(me, rooms);
  const wanted = [state.current, fragment.get("room"), stored(`gridbot.room.${me.account}`), rooms[1]?.id, rooms[0].id];
  const room = wanted.find((id) => rooms.some((each) => each.id === id));
  if (room !== state.current) openRoom(room);
  else renderRooms();
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

// -- the room on the screen -----------------------------------------------------------------------------------------------

function talkOf(room) {
  if (!state.talks.has(room)) state.talks.set(room, { messages: [], earlier: false });
  return state.talks.get(room);
}

function openRoom(room, byHand = false) {
  // Words written before the line stood go into the first room.
  state.drafts.set(state.current ?? room, $("words").value);
  state.current = room;
  keep(`gridbot.room.${state.me.account}`, room);
  $("words").value = state.drafts.get(room) ?? "";
  fitWords();
  describeRoom();
  showAll({});
  renderRooms();
  if (byHand && matchMedia("(pointer: fine)").matches) $("words").focus();
}

function describeRoom() {
  const room = state.rooms.find((each) => each.id === state.current);
  if (!room) return;
  $("room-name").textContent = roomName(room);
  if (line.open) $("line-state").textContent = room.kind === "private" ? t("private_hint") : t("group_hint");
}

function showAll({ stay = false }) {
  const talk = talkOf(state.current);
  const scroll = $("scroll");
  const fromEnd = scroll.scrollHeight - scroll.scrollTop;
  const box = $("messages");
  box.setAttribute("aria-busy", "true");
  const items = [];
  let day = "";
  for (const message of talk.messages) {
    const its = dayOf(message.at);
    if (its !== day) items.push(daySeparator(message.at));
    day = its;
    items.push(elementFor(message));
  }
  box.replaceChildren(...items, ...unsentElements());
  $("earlier").hidden = !talk.earlier;
  showEmpty();
  scroll.scrollTop = stay ? scroll.scrollHeight - fromEnd : scroll.scrollHeight;
  requestAnimationFrame(() => box.removeAttribute("aria-busy"));
  $("jump").hidden = true;
  seen();
  asked(talk.messages.at(-1), false);
}

function showEmpty() {
  const isPrivate = state.rooms.find((room) => room.id === state.current)?.kind === "private";
  $("empty").hidden = $("messages").childElementCount > 0;
  $("empty").textContent = t(isPrivate ? "empty_private" : "empty_group");
}

function showOne(message, before) {
  const atEnd = isAtEnd();
  const standing = $(`m-${message.id}`);
  if (message.client) $(`m-unsent-${message.client}`)?.remove();
  if (standing) {
    const element = replaceElement(standing, message);
    if (before && before.revision !== message.revision) light(element, message);
  } else {
    const all = talkOf(state.current).messages;
    const previous = all.at(-2);
    const unsent = $("messages").querySelector('[id^="m-unsent-"]');
    const items = [elementFor(message)];
    if (!previous || dayOf(previous.at) !== dayOf(message.at)) items.unshift(daySeparator(message.at));
    for (const item of items) $("messages").insertBefore(item, unsent);
  }
  asked(message, true);
  showEmpty();
  if (atEnd || message.account === state.me.account) toEnd();
  else if (!standing) jumpTo($("messages").lastElementChild, t("new_message"));
  seen();
}

function replaceElement(standing, message) {
  const element = elementFor(message);
  const focused = standing.contains(document.activeElement) ? document.activeElement : null;
  standing.replaceWith(element);
  if (focused) {
    const same = focused.dataset.data && element.querySelector(`[data-data="${CSS.escape(focused.dataset.data)}"]`);
    (same || element).focus({ preventScroll: true });
  }
  return element;
}

// A card that changed is lit where it stands, said aloud, and pointed at where it is out of sight.
function light(element, message) {
  element.classList.add("changed");
  setTimeout(() => element.classList.remove("changed"), CHANGED_FOR);
  const now = element.querySelector(".now")?.textContent ?? "";
  const title = message.text.split("\n")[0];
  $("heard").textContent = t("card_changed", { title, now });
  const box = element.getBoundingClientRect();
  const view = $("scroll").getBoundingClientRect();
  if (box.bottom < view.top + 40 || box.top > view.bottom - 40) jumpTo(element, t("card_moved", { title }));
}

function elementFor(message) {
  const mine = message.account !== null && message.account === state.me.account;
  const waiting = mine && line.unsent.some((frame) => frame.id === message.client);
  const element = messageElement(message, {
    mine,
    state: waiting ? t("sending") : undefined,
    quoted: message.reply_to && talkOf(state.current).messages.find((each) => each.id === message.reply_to),
    onQuote: () => $(`m-${message.reply_to}`)?.scrollIntoView({ block: "center" }),
    onPress: (button, data) => press(message, button, data),
    onPicture: showPicture,
    onView: view,
  });
  if (mine && message.client) element.dataset.client = message.client;
  if (waiting) element.classList.add("unsent");
  for (const pressed of state.presses.values()) {
    for (const button of element.querySelectorAll(".press")) {
      if (button.dataset.data === pressed.data && pressed.message === message.id) button.setAttribute("aria-busy", "true");
    }
  }
  return element;
}

function unsentElements() {
  const there = new Set(talkOf(state.current).messages.map((message) => message.client));
  return line.unsent
    .filter((frame) => frame.type === "say" && frame.room === state.current && !there.has(frame.id))
    .map(unsentElement);
}

function unsentElement(frame) {
  const at = new Date().toISOString();
  const place = frame.location && [frame.location.latitude, frame.location.longitude];
  const message = { id: `unsent-${frame.id}`, account: state.me.account, author: state.me.name, client: frame.id, at };
  return elementFor({ ...message, text: frame.text ?? "", photo: frame.photo, location: place, buttons: [], card: null });
}

function isAtEnd() {
  const scroll = $("scroll");
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_THE_END;
}

function toEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  $("jump").hidden = true;
}

function jumpTo(element, text) {
  $("jump").hidden = false;
  $("jump").textContent = text;
  $("jump").onclick = () => {
    $("jump").hidden = true;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
  };
}

function seen() {
  if (document.hidden) return;
  const newest = talkOf(state.current).messages.at(-1)?.id;
  if (newest) list.markRead(state.current, newest);
}

function renderRooms() {
  if (state.me) list.render(state.talks, state.me.account, document.hidden ? null : state.current);
}

// The bot asked something: the words field says so, and is ready for whoever pressed the button.
function asked(message, fresh) {
  const isAsked = Boolean(message?.asks);
  $("words").classList.toggle("asked", isAsked);
  $("words").placeholder = isAsked ? t("answer_here") : t("words_hint");
  if (fresh && isAsked && Date.now() - state.pressedAt < 10_000) $("words").focus();
}

// -- what people do ---------------------------------------------------------------------------------------------------

function say(more) {
  if (!state.current) return note(t("connecting"));
  const frame = { type: "say", id: newId(), room: state.current, ...more };
  line.keep(frame);
  $("messages").append(unsentElement(frame));
  showEmpty();
  return toEnd();
}

function sendWords() {
  const text = $("words").value.trim();
  if (!text) return $("words").focus();
  if (!state.current) return note(t("connecting"));
  if (text.length > LONGEST_MESSAGE) return note(t("too_long", { n: LONGEST_MESSAGE }));
  note("");
  $("words").value = "";
  fitWords();
  return say({ text });
}

function press(message, button, data) {
  if (button.getAttribute("aria-busy")) return;
  const id = newId();
  button.setAttribute("aria-busy", "true");
  state.presses.set(id, { data, message: message.id });
  state.pressedAt = Date.now();
  line.keep({ type: "press", id, room: state.current, message: message.id, data });
}

function beginReport() {
  const words = $("words");
  if (!words.value.startsWith(t("report_word").trim())) words.value = t("report_word") + words.value;
  words.placeholder = t("report_hint");
  fitWords();
  words.focus();
  words.setSelectionRange(words.value.length, words.value.length);
}

async function sendPhoto(file) {
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

function sendPlace() {
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

// -- pictures -----------------------------------------------------------------------------------------------------------

function showPicture(photo, image) {
  if (!state.pictures.has(photo)) state.pictures.set(photo, fetchPicture(photo));
  state.pictures.get(photo).then(
    (url) => {
      const atEnd = isAtEnd();
      image.onload = () => atEnd && toEnd();
      image.src = url;
    },
    () => {
      state.pictures.delete(photo);
      image.alt = t("photo_gone");
    },
  );
}

async function fetchPicture(photo) {
  const answer = await fetch(`/api/photos/${encodeURIComponent(photo)}`, { headers: bearer() });
  if (!answer.ok) throw new Error(answer.status);
  return URL.createObjectURL(await answer.blob());
}

function view(image) {
  $("viewed").src = image.src;
  $("viewed").alt = image.alt;
  $("viewer").showModal();
}

// -- small things -------------------------------------------------------------------------------------------------------

const bearer = () => ({ Authorization: `Bearer ${state.token}` });

function note(text) {
  $("composer-note").textContent = text;
}

function toast(text, bad = false) {
  const shown = make("p", bad ? "bad" : "", text);
  $("toasts").append(shown);
  setTimeout(() => shown.remove(), TOAST_FOR);
}

function fitWords() {
  const words = $("words");
  words.style.height = "auto";
  words.style.height = `${words.scrollHeight + 4}px`;
}

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

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A browser that keeps nothing: asked again next time.
  }
}

function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // It was never kept.
  }
}

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
$("photo-file").onchange = () => {
  const [file] = $("photo-file").files;
  $("photo-file").value = "";
  sendPhoto(file);
};
$("place").onclick = sendPlace;
$("earlier").onclick = () => line.ask({ type: "earlier", room: state.current, before: talkOf(state.current).messages[0]?.id ?? 0 });
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
