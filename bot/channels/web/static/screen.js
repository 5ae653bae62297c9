// The room on the screen: what is said there, in order, and what changes while it is looked at.

import { fitWords, press } from "./compose.js";
import { drop, handedIn } from "./media.js";
import { beginReply, endReply } from "./reply.js";
import { roomName } from "./rooms.js";
import { $, keep, state } from "./state.js";
import { dayOf, t } from "./texts.js";
import { daySeparator, messageElement } from "./view.js";

const NEAR_THE_END = 160; // px: whoever reads the last words wants to see the next
const CHANGED_FOR = 2_500; // ms a changed card is lit

export function talkOf(room) {
  if (!state.talks.has(room)) state.talks.set(room, { messages: [], earlier: false });
  return state.talks.get(room);
}

export function openRoom(room, byHand = false) {
  // Words written before the line stood go into the first room.
  state.drafts.set(state.current ?? room, $("words").value);
  if (room !== state.current) endReply();
  state.current = room;
  keep(`gridbot.room.${state.me.account}`, room);
  $("words").value = state.drafts.get(room) ?? "";
  fitWords();
  describeRoom();
  showAll({});
  renderRooms();
  if (byHand && matchMedia("(pointer: fine)").matches) $("words").focus();
}

export function describeRoom() {
  const room = state.rooms.find((each) => each.id === state.current);
  if (!room) return;
  $("room-name").textContent = roomName(room);
  if (state.line.open) $("line-state").textContent = room.kind === "private" ? t("private_hint") : t("group_hint");
}

export function showAll({ stay = false }) {
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

export function showEmpty() {
  const isPrivate = state.rooms.find((room) => room.id === state.current)?.kind === "private";
  $("empty").hidden = $("messages").childElementCount > 0;
  $("empty").textContent = t(isPrivate ? "empty_private" : "empty_group");
}

export function showOne(message, before) {
  const atEnd = isAtEnd();
  const standing = $(`m-${message.id}`);
  if (message.client) $(`m-unsent-${message.client}`)?.remove();
  if (before?.attachment && !message.attachment) drop(before.attachment.id);
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

export function replaceElement(standing, message) {
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
export function light(element, message) {
  element.classList.add("changed");
  setTimeout(() => element.classList.remove("changed"), CHANGED_FOR);
  const now = element.querySelector(".now")?.textContent ?? "";
  const title = message.text.split("\n")[0];
  $("heard").textContent = t("card_changed", { title, now });
  const box = element.getBoundingClientRect();
  const view = $("scroll").getBoundingClientRect();
  if (box.bottom < view.top + 40 || box.top > view.bottom - 40) jumpTo(element, t("card_moved", { title }));
}

export function elementFor(message) {
  const mine = message.account !== null && message.account === state.me.account;
  const waiting = mine && state.line.unsent.some((frame) => frame.id === message.client);
  const element = messageElement(message, {
    mine,
    state: waiting ? t("sending") : undefined,
    quoted: message.reply_to && talkOf(state.current).messages.find((each) => each.id === message.reply_to),
    onQuote: () => $(`m-${message.reply_to}`)?.scrollIntoView({ block: "center" }),
    onPress: (button, data) => press(message, button, data),
    onReply: typeof message.id === "number" ? () => beginReply(message) : undefined,
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

export function unsentElements() {
  const there = new Set(talkOf(state.current).messages.map((message) => message.client));
  return state.line.unsent
    .filter((frame) => frame.type === "say" && frame.room === state.current && !there.has(frame.id))
    .map(unsentElement);
}

export function unsentElement(frame) {
  const at = new Date().toISOString();
  const place = frame.location && [frame.location.latitude, frame.location.longitude];
  const message = { id: `unsent-${frame.id}`, account: state.me.account, author: state.me.name, client: frame.id, at };
  const more = { attachment: handedIn(frame.attachment), location: place, reply_to: frame.reply_to, buttons: [], card: null };
  return elementFor({ ...message, text: frame.text ?? "", ...more });
}

export function isAtEnd() {
  const scroll = $("scroll");
  return scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR_THE_END;
}

export function toEnd() {
  $("scroll").scrollTop = $("scroll").scrollHeight;
  $("jump").hidden = true;
}

export function jumpTo(element, text) {
  $("jump").hidden = false;
  $("jump").textContent = text;
  $("jump").onclick = () => {
    $("jump").hidden = true;
    element.scrollIntoView({ block: "center" });
    element.focus({ preventScroll: true });
  };
}

export function seen() {
  if (document.hidden) return;
  const newest = talkOf(state.current).messages.at(-1)?.id;
  if (newest) state.list.markRead(state.current, newest);
}

export function renderRooms() {
  if (state.me) state.list.render(state.talks, state.me.account, document.hidden ? null : state.current);
}

// The bot asked something: the words field says so, and is ready for whoever pressed the button.
export function asked(message, fresh) {
  const isAsked = Boolean(message?.asks);
  $("words").classList.toggle("asked", isAsked);
  $("words").placeholder = isAsked ? t("answer_here") : t("words_hint");
  if (fresh && isAsked && Date.now() - state.pressedAt < 10_000) $("words").focus();
}
