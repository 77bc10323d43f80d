// The chat without reloading. Every turn is a plain form; this module posts the same form,
// puts in what is new, keeps a draft, and sends the same message again when the line is bad.
import { enterAgain, takeAlong } from "./forms.js";
import { hintKey } from "./keys.js";
import { storage } from "./storage.js";

const RETRIES_MS = [0, 1500, 4000, 8000];
const SLOW_MS = 600;
const GIVE_UP_MS = 30000;

const session = document.querySelector('#turn input[name="session"]')?.value;
const own = storage.getItem("greyarea.session");
const reloaded = performance.getEntriesByType("navigation")[0]?.type === "reload";
if (reloaded && own && session && own !== session) {
  // The cookie is that of another tab, perhaps of another course: this tab keeps its own.
  storage.removeItem("greyarea.session");
  enterAgain(own);
} else if (session) {
  storage.setItem("greyarea.session", session);
}

// A reload fetches this page anew instead of posting the consent form or the launch again.
history.replaceState(history.state, "", "/app");

const draftKey = () => `greyarea.draft.${document.querySelector('input[name="attempt"]')?.value}`;

// The number of the newest utterance on the page: the server sends what came after it.
function seen() {
  const said = [...document.querySelectorAll('#lines > li[id^="u"]')].pop();
  return said ? Number(said.id.slice(1)) : 0;
}

function restoreDraft() {
  const box = document.querySelector("#text");
  const draft = storage.getItem(draftKey());
  if (box && !box.value && draft) box.value = draft;
}

// What the page's script says stands in the page, in its language.
const words = document.querySelector("#words")?.dataset ?? {};

function say(text) {
  const status = document.querySelector("#status");
  if (status) status.textContent = text;
}

async function post(form, data) {
  for (const wait of RETRIES_MS) {
    if (wait) {
      say(words.retrying);
      await new Promise((done) => setTimeout(done, wait));
    }
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), GIVE_UP_MS);
    try {
      return await fetch(form.action, {
        method: "POST",
        body: new URLSearchParams(data),
        headers: { "X-Greyarea-Seen": String(seen()) },
        signal: abort.signal,
      });
    } catch {
      // Offline or cut off: the same message id goes out again and counts once.
    } finally {
      clearTimeout(timer);
    }
  }
  return null;
}

function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const composer = page.querySelector("#composer");
  if (!composer) return false;
  const log = document.querySelector("#lines");
  const open = document.querySelector("#case details")?.open ?? false;
  const title = document.querySelector("#case summary")?.textContent;
  const fresh = document.createDocumentFragment();
  let first = null;
  for (const line of page.querySelectorAll("#lines > li")) {
    const old = document.getElementById(line.id);
    if (old && old.textContent === line.textContent) continue;
    if (old) {
      old.replaceWith(line);
      continue;
    }
    line.classList.add("fresh");
    first ??= line;
    fresh.append(line);
  }
  log.append(fresh);
  for (const id of ["progress", "case", "composer"]) {
    const part = page.getElementById(id);
    if (part) document.getElementById(id).replaceWith(part);
  }
  const details = document.querySelector("#case details");
  if (details && open && document.querySelector("#case summary").textContent === title) {
    details.open = true;
  }
  first?.scrollIntoView({ block: "start" });
  return true;
}

// Who typed goes on typing; who pressed a button is led to the next question, not into the
// box, since on a phone that would put the keyboard over it.
function focusNext(typed) {
  const wrong = document.querySelector('[aria-invalid="true"]');
  const question = document.querySelector("#waiting button, #composer legend");
  const target = wrong ?? question ?? document.querySelector(typed ? "#text" : "#composer");
  if (!target) return;
  target.focus({ preventScroll: !wrong });
}

async function submit(event) {
  const form = event.target;
  if (form.id !== "turn" && form.id !== "waiting") {
    takeAlong(form);
    return;
  }
  if (event.submitter?.name === "view") return; // Another page: it is loaded as a whole.
  event.preventDefault();
  if (form.dataset.busy) return;
  form.dataset.busy = "yes";
  const data = new FormData(form);
  if (event.submitter?.name) data.set(event.submitter.name, event.submitter.value);
  // While the assistant is away, words that were not sent yet stay in the box.
  if (form.id === "waiting") data.set("text", document.querySelector("#text")?.value ?? "");
  const typed = !data.has("option");
  const slow = setTimeout(() => say(words.sending), SLOW_MS);
  const answer = await post(form, data);
  clearTimeout(slow);
  delete form.dataset.busy;
  if (answer === null) {
    say(words.offline);
    return;
  }
  const html = await answer.text();
  if (!show(html)) {
    // Not a turn: the session is over, or something broke. The draft stays for a return.
    if (answer.status === 401 || answer.status === 403) {
      say(words.over);
    } else {
      say(words.failed);
    }
    return;
  }
  const box = document.querySelector("#text");
  if (box?.value) storage.setItem(draftKey(), box.value);
  else storage.removeItem(draftKey());
  // "Saved" is said of words that the server has committed, and of nothing else.
  if (typed && !document.querySelector('[aria-invalid="true"]')) say(words.saved);
  focusNext(typed);
  hintKey();
  watch();
}

// While the assistant is away the saved turn is sent again by itself, ever more slowly.
let watching = null;
let pause = 2000;
function watch() {
  clearTimeout(watching);
  const waiting = document.querySelector("#waiting");
  if (!waiting) {
    pause = 2000;
    return;
  }
  watching = setTimeout(() => {
    pause = Math.min(pause * 1.6, 30000);
    document.querySelector("#waiting")?.requestSubmit();
  }, pause);
}

document.addEventListener("submit", submit);
document.addEventListener("input", (event) => {
  if (event.target.id === "text") storage.setItem(draftKey(), event.target.value);
});
restoreDraft();
hintKey();
watch();
