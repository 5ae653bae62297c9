// The line to the server: it comes back by itself, and what was not sent yet is kept on the phone until it is.

const SHORTEST_WAIT = 500; // ms, before the first new try
const LONGEST_WAIT = 15_000; // ms: nobody stares longer at a page that says it is not connected
const ANSWER_WITHIN = 12_000; // ms: a line that is silent for longer than this is dead, whatever the browser believes
const SIGNED_OUT = 4001; // the server's own code for a token it does not know
const ELSEWHERE = 4009; // … and for an account that is open on too many pages

export class Line {
  // `on` has: frame(frame), state("open" | "waiting" | "signed out" | "elsewhere")
  constructor(token, on) {
    this.token = token;
    this.on = on;
    this.since = 0;
    this.unsent = [];
    this.account = null;
    this.open = false;
    this.tries = 0;
    this.connect();
    addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => document.hidden || this.hurry());
  }

  connect() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/socket`);
    this.socket = socket;
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", token: this.token, since: this.since }));
    socket.onmessage = (event) => socket === this.socket && this.take(JSON.parse(event.data));
    socket.onclose = (event) => socket === this.socket && this.lost(event.code);
  }

  lost(code) {
    this.open = false;
    clearTimeout(this.watch);
    clearTimeout(this.again);
    if (code === SIGNED_OUT) return this.on.state("signed out");
    if (code === ELSEWHERE) return this.on.state("elsewhere");
    this.on.state("waiting");
    const wait = Math.min(LONGEST_WAIT, SHORTEST_WAIT * 2 ** this.tries++);
    this.timer = setTimeout(() => this.connect(), wait * (0.7 + 0.6 * Math.random()));
  }

  hurry() {
    if (!this.open && this.socket.readyState === WebSocket.CLOSED) {
      this.tries = 0;
      this.connect();
    }
  }

  close() {
    const socket = this.socket;
    this.socket = null;
    clearTimeout(this.timer);
    socket.close();
  }

  take(frame) {
    if (frame.type === "rooms") {
      this.account = frame.me.account;
      if (!this.open) this.greeted();
    }
    for (const message of frame.messages ?? []) this.since = Math.max(this.since, message.revision);
    if (frame.type === "later") {
      clearTimeout(this.watch);
      this.again = setTimeout(() => this.sendNext(), Math.max(0.3, frame.after) * 1000);
    }
    if ((frame.type === "stored" || frame.type === "refused") && frame.id) frame.was = this.settled(frame.id);
    this.on.frame(frame);
  }

  greeted() {
    this.open = true;
    this.tries = 0;
    const kept = this.read();
    const known = new Set(this.unsent.map((frame) => frame.id));
    this.unsent = [...kept.filter((frame) => !known.has(frame.id)), ...this.unsent];
    this.on.state("open");
    this.sendNext();
  }

  // Now or never: not worth keeping.
  ask(frame) {
    if (this.open) this.socket.send(JSON.stringify(frame));
  }

  // Until the server has it. One at a time, so that they stay in order.
  keep(frame) {
    this.unsent.push(frame);
    this.write();
    if (this.unsent.length === 1 || !this.sending) this.sendNext();
  }

  sendNext() {
    clearTimeout(this.watch);
    this.sending = this.open ? this.unsent[0] : null;
    if (!this.sending) return;
    this.socket.send(JSON.stringify(this.sending));
    this.watch = setTimeout(() => this.dead(), ANSWER_WITHIN);
  }

  dead() {
    const socket = this.socket;
    this.socket = null;
    socket.close();
    this.lost(0);
  }

  settled(id) {
    const was = this.unsent.find((frame) => frame.id === id);
    if (!was) return null;
    this.unsent = this.unsent.filter((frame) => frame !== was);
    this.write();
    this.sendNext();
    return was;
  }

  get key() {
    return `gridbot.unsent.${this.account}`;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }

  write() {
    try {
      localStorage.setItem(this.key, JSON.stringify(this.unsent));
    } catch {
      // A full or forbidden storage: they are kept as long as the page is open.
    }
  }
}

export const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
