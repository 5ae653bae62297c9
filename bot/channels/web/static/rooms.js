// The list of rooms: a column on a desk, a drawer on a phone, with what is unread.

import { t } from "./texts.js";
import { face, gist, make } from "./view.js";

const $ = (id) => document.getElementById(id);

export class RoomList {
  // `on.choose(room)`. What was read is remembered on this phone, by account.
  constructor(on) {
    this.on = on;
    this.rooms = [];
    this.read = {};
    $("rooms-open").onclick = () => this.drawer(true);
    $("rooms-close").onclick = () => this.drawer(false);
    $("veil").onclick = () => this.drawer(false);
    addEventListener("keydown", (event) => {
      if (event.key === "Escape" && $("rooms").classList.contains("open")) this.drawer(false);
    });
  }

  drawer(open) {
    const was = $("rooms").classList.toggle("open", open);
    $("veil").hidden = !open;
    $("talk").inert = open;
    $("rooms-open").setAttribute("aria-expanded", open);
    if (was) ($("room-list").querySelector("[aria-current]") ?? $("rooms-close")).focus();
    else $("rooms-open").focus();
  }

  show(me, rooms) {
    this.key = `gridbot.read.${me.account}`;
    try {
      this.read = JSON.parse(localStorage.getItem(this.key)) ?? {};
    } catch {
      this.read = {};
    }
    this.rooms = rooms;
    $("me").textContent = me.name;
  }

  markRead(room, newest) {
    if (newest <= (this.read[room] ?? 0)) return;
    this.read[room] = newest;
    try {
      localStorage.setItem(this.key, JSON.stringify(this.read));
    } catch {
      // Counted anew after the next visit, that is all.
    }
  }

  unread(room, messages, me) {
    return messages.filter((message) => message.id > (this.read[room] ?? 0) && message.account !== me).length;
  }

  // `talks`: Map of room to its messages, in order.
  render(talks, me, current) {
    let all = 0;
    const items = this.rooms.map((room) => {
      const messages = talks.get(room.id)?.messages ?? [];
      const count = room.id === current ? 0 : this.unread(room.id, messages, me);
      all += count;
      return this.item(room, messages.at(-1), count, room.id === current);
    });
    const focused = document.activeElement?.closest?.("#room-list button")?.dataset.room;
    $("room-list").replaceChildren(...items);
    if (focused) $("room-list").querySelector(`[data-room="${CSS.escape(focused)}"]`)?.focus();
    $("unread-all").hidden = !all;
    $("unread-all").textContent = all;
    $("rooms-open").setAttribute("aria-label", all ? t("rooms_unread", { n: all }) : t("rooms"));
    document.title = all ? `(${all}) ${t("title")}` : t("title");
  }

  item(room, last, count, isCurrent) {
    const item = make("li");
    const button = make("button");
    button.type = "button";
    button.dataset.room = room.id;
    if (isCurrent) button.setAttribute("aria-current", "true");
    const name = make("span");
    name.append(make("span", "name", roomName(room)));
    if (last) name.append(make("span", "last", gist(last)));
    button.append(face(room.name, room.kind === "private"), name);
    if (count) {
      const badge = make("span", "count", count);
      badge.setAttribute("aria-label", t("unread", { n: count }));
      button.append(badge);
    }
    button.onclick = () => {
      if ($("rooms").classList.contains("open")) this.drawer(false);
      this.on.choose(room.id);
    };
    item.append(button);
    return item;
  }
}

export const roomName = (room) => (room.kind === "private" ? t("private_room") : room.name);
