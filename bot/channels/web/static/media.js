// Pictures, voices, videos and files: fetched with this page's token, and shown or played where they were said.

import { isAtEnd, toEnd } from "./screen.js";
import { $, bearer, toast } from "./state.js";
import { t } from "./texts.js";
import { icon, make } from "./view.js";

const kept = new Map(); // name -> promise of { url, filename }

const known = new Map(); // name -> what this page handed in: { medium, seconds }

const SHOWN = { photo: picture, voice, video, file };

export const attachmentElement = (attachment, by) => SHOWN[attachment.medium](attachment, by);

export const know = (name, medium, seconds) => known.set(name, { medium, seconds });

// Of something not sent yet, before the server shows it: a page opened anew may not know what it was.
export const handedIn = (id) => id && { id, medium: "file", seconds: 0, ...known.get(id) };

// What was taken down is not kept by the page either.
export function drop(name) {
  kept.get(name)?.then(({ url }) => URL.revokeObjectURL(url), () => null);
  kept.delete(name);
}

export function lasting(seconds) {
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
}

function picture({ id }, by) {
  const open = make("button", "picture");
  const image = make("img");
  image.alt = t("photo_of", { name: by });
  open.type = "button";
  open.append(image);
  open.onclick = () => view(image);
  get(id).then(
    ({ url }) => {
      image.onload = stayAtEnd();
      image.src = url;
    },
    () => (image.alt = t("media_gone")),
  );
  return open;
}

function voice({ id, seconds }, by) {
  const player = make("audio", "player");
  player.controls = true;
  player.setAttribute("aria-label", named("voice_of", by, seconds));
  get(id).then(({ url }) => (player.src = url), () => player.replaceWith(make("span", "", t("media_gone"))));
  const box = make("div", "voice");
  box.append(player);
  // What a browser recorded does not say how long it is before it was played.
  if (seconds) box.append(make("span", "lasting", lasting(seconds)));
  return box;
}

// Fetched when somebody wants to see it: it may be large, and the line slow.
function video({ id, seconds }, by) {
  const label = named("video_of", by, seconds);
  const open = button("i-play", label);
  open.onclick = () => {
    open.disabled = true;
    get(id).then(
      ({ url }) => {
        const player = make("video", "player");
        Object.assign(player, { controls: true, autoplay: true, playsInline: true, src: url });
        player.setAttribute("aria-label", label);
        player.onloadedmetadata = stayAtEnd();
        open.replaceWith(player);
        player.focus();
      },
      () => failed(open),
    );
  };
  return open;
}

function file({ id }, by) {
  const open = button("i-file", t("file_of", { name: by }));
  open.onclick = () =>
    get(id).then(
      ({ url, filename }) => Object.assign(make("a"), { href: url, download: filename }).click(),
      () => failed(open),
    );
  return open;
}

const named = (what, name, seconds) => `${t(what, { name })} ${seconds ? lasting(seconds) : ""}`.trim();

function button(symbol, label) {
  const open = make("button", "open");
  open.type = "button";
  open.append(icon(symbol), make("span", "", label));
  return open;
}

function failed(open) {
  open.disabled = false;
  toast(t("media_gone"), true);
}

function get(name) {
  if (!kept.has(name)) {
    const promised = load(name);
    // Tried again at the next look.
    promised.catch(() => kept.delete(name));
    kept.set(name, promised);
  }
  return kept.get(name);
}

async function load(name) {
  const answer = await fetch(`/api/media/${encodeURIComponent(name)}`, { headers: bearer() });
  if (!answer.ok) throw new Error(answer.status);
  const [, filename] = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition")) ?? [];
  return { url: URL.createObjectURL(await answer.blob()), filename };
}

function stayAtEnd() {
  const atEnd = isAtEnd();
  return () => atEnd && toEnd();
}

function view(image) {
  $("viewed").src = image.src;
  $("viewed").alt = image.alt;
  $("viewer").showModal();
}
