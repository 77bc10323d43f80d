// For the front of a classroom: full screen where the page may, the arrow keys for the cases, and
// the button that prints. Without this script the page is the same, without those buttons.
const full = document.querySelector("#full-screen");
if (full && document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  });
}

const sheet = document.querySelector("#print");
if (sheet) {
  sheet.hidden = false;
  sheet.addEventListener("click", () => window.print());
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const way = { ArrowLeft: ".back", ArrowRight: ".on" }[event.key];
  if (way) document.querySelector(`nav ${way}`)?.click();
});
