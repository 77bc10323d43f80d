// Passages by selection, with the mouse, or with the keyboard in a field whose text stays as it is:
// in one that is marked as read-only, browsers do not move the cursor.
// Places count code points, as the record does. Without this script a passage is typed.
const points = (text) => [...text].length;

function choose(form, start, end, words) {
  form.elements.start.value = start;
  form.elements.end.value = end;
  form.elements.passage.value = words.replaceAll("\n", " ");
}

function forget(form) {
  form.elements.start.value = "";
  form.elements.end.value = "";
}

for (const form of document.querySelectorAll(".code-form")) {
  const words = document.getElementById(form.dataset.words);
  const reader = form.querySelector(".to-select");
  form.querySelector(".by-keyboard").hidden = false;
  reader.addEventListener("beforeinput", (event) => event.preventDefault());
  reader.addEventListener("select", () => {
    const text = reader.value;
    const chosen = text.slice(reader.selectionStart, reader.selectionEnd);
    if (!chosen.trim()) return;
    const start = points(text.slice(0, reader.selectionStart));
    choose(form, start, start + points(chosen), chosen);
  });
  // What is typed by hand is looked for; the places of an earlier selection are not its own.
  form.elements.passage.addEventListener("input", () => forget(form));
  words.addEventListener("mouseup", () => take(form, words));
  words.addEventListener("touchend", () => take(form, words));
}

function take(form, words) {
  const selection = window.getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return;
  const range = selection.getRangeAt(0);
  if (!words.contains(range.startContainer) || !words.contains(range.endContainer)) return;
  const before = document.createRange();
  before.setStart(words, 0);
  before.setEnd(range.startContainer, range.startOffset);
  const chosen = range.toString();
  if (!chosen.trim()) return;
  const start = points(before.toString());
  choose(form, start, start + points(chosen), chosen);
}
