// The plain form works without this: it adds the key to the controls, and keeps what stands in
// the box over a reload or a lost line until the answer to that question is saved.
import { takeAlong } from "./forms.js";
import { hintKey } from "./keys.js";
import { storage } from "./storage.js";

const KEY = "greyarea.plain";
const form = document.querySelector("#form");
const box = document.querySelector("#text");
const question = `${form?.elements.attempt?.value} ${form?.elements.step_id?.value}`;
const kept = JSON.parse(storage.getItem(KEY) ?? "null");

// Another question is open: the answer that was kept has been saved.
if (kept && kept.question !== question) storage.removeItem(KEY);
else if (kept && box && !box.value) box.value = kept.text;

box?.addEventListener("input", () => {
  storage.setItem(KEY, JSON.stringify({ question, text: box.value }));
});
for (const other of document.querySelectorAll("nav form, .foot")) {
  other.addEventListener("submit", () => takeAlong(other));
}
hintKey();
