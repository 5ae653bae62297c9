// Answering one message: a tap on it shows the button, and the button puts it above the words.

import { $, state } from "./state.js";
import { t } from "./texts.js";
import { gist } from "./view.js";

export function beginReply(message) {
  state.replyTo = message;
  $("reply-text").textContent = t("reply_to", { name: message.author || t("bot"), text: gist(message) });
  $("reply-bar").hidden = false;
  $("words").focus();
}

export function endReply() {
  state.replyTo = null;
  $("reply-bar").hidden = true;
}

// Which message the next words answer; asked once.
export function takeReply() {
  const id = state.replyTo?.id;
  endReply();
  return id;
}
