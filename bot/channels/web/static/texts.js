// What the page says, in the village's language; and times, in the village's timezone.

let texts = {};

export async function loadTexts() {
  texts = await (await fetch("/texts.json")).json();
  document.documentElement.lang = texts.lang;
  document.title = texts.title;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = t(element.dataset.text);
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", t(element.dataset.label));
    if (element.tagName === "BUTTON") element.title = t(element.dataset.label);
  }
}

export function t(key, values = {}) {
  return (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function format(options) {
  return new Intl.DateTimeFormat(texts.lang, { timeZone: texts.timezone, ...options });
}

export const timeOf = (at) => format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(new Date(at));
export const dayOf = (at) => format({ month: "long", day: "numeric", weekday: "long" }).format(new Date(at));
