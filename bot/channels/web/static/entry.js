// Coming in: with an invitation, or by the poster of a squad.

import { t } from "./texts.js";

const $ = (id) => document.getElementById(id);

// Resolves with { token } once somebody is in. `session` is who this browser is already, if anybody.
export async function comeIn(poster, session) {
  $("chat").hidden = true;
  $("entry").hidden = false;
  const squad = poster && (await squadOf(poster));
  const asks = { code: !poster, name: !session, door: Boolean(poster) };
  for (const [field, asked] of Object.entries(asks)) $(`field-${field}`).hidden = !asked;
  $("entry-title").textContent = squad ? t("join_title", { squad }) : t("title");
  $("entry-hint").textContent = poster ? t("join_hint") : t("enter_hint");
  $("entry-submit").textContent = poster ? t("join_submit") : t("enter_submit");
  if (poster && !squad) {
    $("entry-form").classList.add("useless");
    for (const field of ["code", "name", "door"]) $(`field-${field}`).hidden = true;
    $("entry-submit").hidden = true;
  }
  document.querySelector("#entry input:not([hidden])")?.focus();
  return new Promise((resolve) => {
    $("entry-form").onsubmit = (event) => {
      event.preventDefault();
      submit(poster, session).then((signedIn) => signedIn && resolve(signedIn));
    };
  });
}

async function squadOf(poster) {
  try {
    const answer = await fetch(`/api/posters/${encodeURIComponent(poster)}`);
    const said = await answer.json();
    if (answer.ok) return said.squad;
    $("entry-error").textContent = said.text;
  } catch {
    $("entry-error").textContent = t("no_line");
  }
  return null;
}

async function submit(poster, session) {
  const button = $("entry-submit");
  button.disabled = true;
  $("entry-error").textContent = "";
  const [code, name, door] = ["code", "name", "door"].map((field) => $(field).value.trim());
  try {
    const form = poster ? { poster, name, door } : { code, name };
    const answer = await post(poster ? "/api/join" : "/api/enter", form, session?.token);
    const said = await answer.json();
    if (answer.ok) return said;
    $("entry-error").textContent = said.text || t("no_line");
    (poster ? (name || session ? $("door") : $("name")) : $("code")).focus();
  } catch {
    $("entry-error").textContent = t("no_line");
  } finally {
    button.disabled = false;
  }
  return null;
}

function post(path, form, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  return fetch(path, { method: "POST", headers, body: JSON.stringify(form) });
}
