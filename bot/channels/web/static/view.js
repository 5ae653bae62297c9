// How a message looks. Whatever people wrote goes in as text and never as markup.

import { attachmentElement } from "./media.js";
import { dayOf, t, timeOf } from "./texts.js";

export function make(tag, className = "", text = undefined) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

export function icon(name) {
  const [svg, use] = ["svg", "use"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
  svg.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

// A message in a few words: its first line, or what it shows.
export function gist(message) {
  const shown = message.attachment ? t(message.attachment.medium) : message.location ? t("place") : "";
  return message.text.split("\n")[0] || shown;
}

const HUES = [12, 36, 90, 150, 190, 220, 265, 320];

export function face(name, isBot = false) {
  const element = make("span", isBot ? "face bot" : "face");
  element.setAttribute("aria-hidden", "true");
  if (isBot) {
    const icon = make("img");
    icon.src = "/static/icon.svg";
    icon.alt = "";
    element.append(icon);
  } else {
    element.textContent = [...name][0] ?? "？";
    let sum = 0;
    for (const character of name) sum += character.codePointAt(0);
    element.style.backgroundColor = `hsl(${HUES[sum % HUES.length]} 32% 40%)`;
    element.style.color = "#fff";
  }
  return element;
}

export function daySeparator(at) {
  return make("li", "day", dayOf(at));
}

// `as`: { mine, state, quoted, onPress(button, data), onQuote(), onReply() }
export function messageElement(message, as) {
  const item = make("li", "message");
  item.id = `m-${message.id}`;
  item.tabIndex = -1;
  // Taken down, with nothing to say about it.
  item.hidden = !(message.text || message.attachment || message.location || message.buttons.length);
  const isBot = message.account === null;
  if (as.mine) item.classList.add("mine");
  if (message.card) item.classList.add("card");
  item.dataset.stage = stage(message);
  const by = isBot ? t("bot") : message.author;
  item.append(face(message.author, isBot));
  item.append(make("span", as.mine ? "by unseen" : "by", as.mine ? t("me") : `${by} ${timeOf(message.edited ?? message.at)}`));
  item.append(bubble(message, as, by));
  if (as.mine) item.append(make("span", "state", as.state ?? timeOf(message.at)));
  if (as.onReply) item.append(replyButton(item, as));
  return item;
}

// Out of the way until somebody taps the message, or comes to it by keyboard.
function replyButton(item, as) {
  const reply = make("button", "reply", t("reply"));
  reply.type = "button";
  reply.onclick = as.onReply;
  item.onclick = (event) => {
    if (event.target.closest("button, a, audio, video")) return;
    for (const other of item.parentElement.querySelectorAll(".picked")) if (other !== item) other.classList.remove("picked");
    if (item.classList.toggle("picked")) reply.scrollIntoView({ block: "nearest" });
  };
  return reply;
}

function bubble(message, as, by) {
  const box = make("div", "bubble");
  if (as.quoted && !NUMBERED.test(message.text)) {
    const quote = make("button", "quote", `${as.quoted.author || t("bot")}：${gist(as.quoted)}`);
    quote.type = "button";
    quote.onclick = as.onQuote;
    box.append(quote);
  }
  if (message.text) box.append(...(message.card ? cardLines(message.text) : [words(message.text, "words")]));
  if (message.attachment) box.append(attachmentElement(message.attachment, by));
  if (message.location) box.append(place(message.location));
  if (message.buttons.length) box.append(presses(message, as));
  return box;
}

// A card comes as lines: its title, the line to read first, what was said, where it stands, what happened so far.
const LOGGED = /^((?:\d{1,2}-\d{1,2} )?\d{2}:\d{2}) (.*)$/;
const NUMBERED = /^#\d/;

function cardLines(text) {
  const [title, ...rest] = text.split("\n");
  if (!NUMBERED.test(title)) return [words(text, "words")];
  const shown = [make("div", "title", title)];
  const log = make("div", "log");
  for (const line of rest) {
    const logged = LOGGED.exec(line);
    if (logged) {
      const entry = make("div");
      entry.append(make("time", "", logged[1]), logged[2]);
      log.append(entry);
    } else if (callsForHelp(line)) shown.push(words(line, "first"));
    else shown.push(words(line, /^[“（]/.test(line) ? "said" : "words"));
  }
  const last = shown.at(-1);
  if (last.className === "words") last.className = "now";
  return log.childElementCount ? [...shown, log] : shown;
}

// The three numbers that save lives can be called with one tap. #119 is a case and no fire brigade.
const NUMBERS = /(^|[^#＃\d.:])(110|119|120)(?![\d.:])/g;

const callsForHelp = (line) => line.search(NUMBERS) >= 0;

function words(text, className) {
  const element = make("div", className);
  let end = 0;
  for (const found of text.matchAll(NUMBERS)) {
    const start = found.index + found[1].length;
    const call = make("a", "", found[2]);
    call.href = `tel:${found[2]}`;
    element.append(text.slice(end, start), call);
    end = start + 3;
  }
  element.append(text.slice(end));
  return element;
}

function place([latitude, longitude]) {
  const link = make("a", "", `${t("place")} ${latitude.toFixed(5)}, ${longitude.toFixed(5)}`);
  link.href = `geo:${latitude},${longitude}`;
  return link;
}

// The button people are waited for: filled; the others are there when they are needed. A search that nobody has
// confirmed waits for that before anything else.
const MAIN = [/^search_confirm:/, /^(acknowledge|resolve|let_in|rate:\d+:satisfied)/];

function presses(message, as) {
  const rows = make("div", "presses");
  const main = MAIN.find((kind) => message.buttons.flat().some(([, data]) => kind.test(data)));
  for (const row of message.buttons) {
    const line = make("div");
    for (const [label, data] of row) {
      const button = make("button", main?.test(data) ? "press main" : "press", label);
      button.type = "button";
      button.dataset.data = data;
      button.onclick = () => as.onPress(button, data);
      line.append(button);
    }
    rows.append(line);
  }
  return rows;
}

// What a card waits for, told by what can be done with it.
function stage(message) {
  const verbs = new Set(message.buttons.flat().map(([, data]) => data.split(":")[0]));
  if (verbs.has("resolve")) return "working";
  if (verbs.has("acknowledge") || verbs.has("cancel") || verbs.has("let_in")) return "waiting";
  if (verbs.has("rate")) return "asking";
  return "still";
}
