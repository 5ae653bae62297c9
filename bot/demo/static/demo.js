// Several phones on one table. Each is the real page of the chat, signed in as somebody of the cast.

const LOOK_EVERY = 500; // ms between two looks at the clock and the story

const $ = (id) => document.getElementById(id);
const { people, first, texts } = await (await fetch("/demo/cast.json")).json();
let clock = null;
let told = 0;
let run = null;

document.documentElement.lang = texts.lang;
document.title = texts.title;
$("title").textContent = texts.title;
$("hint").textContent = texts.hint;
$("clock-label").textContent = texts.clock;
$("play").textContent = texts.play;
$("add").textContent = texts.add;

function addPhone(account) {
  const phone = $("phone").content.firstElementChild.cloneNode(true);
  const choice = phone.querySelector("select");
  choice.setAttribute("aria-label", texts.who);
  choice.append(...people.map((person) => new Option(`${person.name} · ${person.role}`, person.account)));
  choice.value = account;
  choice.onchange = () => {
    open(phone, choice.value);
    remember();
  };
  const remove = phone.querySelector(".remove");
  remove.setAttribute("aria-label", texts.remove);
  remove.title = texts.remove;
  remove.onclick = () => {
    phone.remove();
    remember();
  };
  $("phones").append(phone);
  open(phone, account);
  return phone;
}

function open(phone, account) {
  const person = people.find((each) => each.account === account);
  const screen = document.createElement("iframe");
  const fragment = new URLSearchParams({ token: person.token, room: person.room, size: 18 });
  screen.src = person.page ? `${person.page}#account=${account.replace("wecom-", "")}` : `/chat#${fragment}`;
  screen.title = person.name;
  screen.allow = "geolocation; microphone";
  phone.dataset.account = account;
  phone.querySelector(".screen").replaceChildren(screen);
}

const shown = () => [...document.querySelectorAll(".phone")].map((phone) => phone.dataset.account);

function remember() {
  $("add").disabled = shown().length >= people.length;
  try {
    localStorage.setItem("gridbot.demo.phones", JSON.stringify(shown()));
  } catch {
    // Then the first three are there again next time.
  }
}

function remembered() {
  try {
    const accounts = JSON.parse(localStorage.getItem("gridbot.demo.phones")) ?? [];
    return accounts.filter((account) => people.some((person) => person.account === account));
  } catch {
    return [];
  }
}

function follow(state) {
  run ??= state.run;
  if (state.run !== run) return location.reload();
  clock = { at: performance.now(), now: Date.parse(state.now), speed: state.speed };
  $("play").disabled = state.playing;
  $("play").textContent = state.playing ? texts.playing : texts.play;
  const caption = state.captions.at(-1);
  $("caption").hidden = !caption;
  if (caption && $("caption").textContent !== caption.text) $("caption").textContent = caption.text;
  const acting = state.playing ? caption?.account : null;
  for (const phone of document.querySelectorAll(".phone")) phone.classList.toggle("acts", phone.dataset.account === acting);
  if (state.captions.length !== told && acting) {
    const phone = document.querySelector(`.phone[data-account="${CSS.escape(acting)}"]`);
    phone?.scrollIntoView({ behavior: "smooth", inline: "center", block: "nearest" });
  }
  told = state.captions.length;
}

async function look() {
  try {
    follow(await (await fetch("/demo/state.json")).json());
  } catch {
    $("caption").hidden = false;
    $("caption").textContent = texts.lost;
  }
  setTimeout(look, LOOK_EVERY);
}

function tick() {
  if (clock) {
    const now = new Date(clock.now + (performance.now() - clock.at) * clock.speed);
    $("clock").textContent = new Intl.DateTimeFormat(texts.lang, {
      timeZone: "Asia/Shanghai",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      hourCycle: "h23",
    }).format(now);
  }
  setTimeout(tick, 200);
}

$("play").onclick = async () => {
  $("play").disabled = true;
  for (const account of first) if (!shown().includes(account)) addPhone(account);
  remember();
  await fetch("/demo/story", { method: "POST" });
};
$("add").onclick = () => {
  const free = people.find((person) => !shown().includes(person.account));
  if (!free) return;
  addPhone(free.account).scrollIntoView({ behavior: "smooth", inline: "center" });
  remember();
};

const earlier = remembered();
for (const account of earlier.length ? earlier : first) addPhone(account);
remember();
look();
tick();
