// One phone on WeCom: the group, and the private talk with the bot.

const LOOK_EVERY = 700; // ms between two looks

const $ = (id) => document.getElementById(id);
const account = new URLSearchParams(location.hash.slice(1)).get("account");
let room = "group";
let seen = "";

async function tell(what, more) {
  await fetch(`/demo/wecom/${what}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ account, room, ...more }),
  });
  await look();
}

function line({ who, text, task, buttons }) {
  const item = document.createElement("li");
  if (who) {
    item.className = "person";
    const name = document.createElement("span");
    name.className = "who";
    name.textContent = who;
    item.append(name);
  }
  item.append(text);
  if (buttons?.length) {
    const row = document.createElement("div");
    row.className = "buttons";
    for (const { label, key } of buttons) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = label;
      button.onclick = () => tell("press", { task, key });
      row.append(button);
    }
    item.append(row);
  }
  return item;
}

async function look() {
  const query = new URLSearchParams({ account, room });
  const { lines, texts } = await (await fetch(`/demo/wecom/talk.json?${query}`)).json();
  $("group").textContent = texts.group;
  $("private").textContent = texts.private;
  $("hint").textContent = texts.hint;
  document.querySelector("#say button").textContent = texts.say;
  const now = JSON.stringify([room, lines]);
  if (now === seen) return;
  seen = now;
  for (const each of ["group", "private"]) $(each).setAttribute("aria-pressed", each === room);
  $("lines").replaceChildren(...lines.map(line));
  $("lines").scrollTop = $("lines").scrollHeight;
}

async function follow() {
  try {
    await look();
  } finally {
    setTimeout(follow, LOOK_EVERY);
  }
}

for (const each of ["group", "private"]) {
  $(each).onclick = () => {
    room = each;
    look();
  };
}
$("say").onsubmit = (event) => {
  event.preventDefault();
  const text = $("text").value.trim();
  if (text) tell("say", { text });
  $("text").value = "";
};
follow();
