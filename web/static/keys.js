// Keys of the conversation and of the plain form: one leads to the controls from anywhere, and
// Ctrl-Enter sends. They are told where there is a keyboard to press.
export function hintKey() {
  const hint = document.querySelector(".key-hint");
  if (hint && window.matchMedia("(hover: hover) and (pointer: fine)").matches) hint.hidden = false;
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.isComposing) {
    const first = document.querySelector("form:not([hidden]) > .menu button");
    if (first) {
      event.preventDefault();
      first.focus();
    }
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.id === "text") {
    event.preventDefault();
    document.querySelector(".write .button, #form .button")?.click();
  }
});
