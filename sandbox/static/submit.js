// Sends the form of the page on its own, and puts its button away: without
// scripts the same form waits for a click.
const form = document.querySelector("form[data-submit]");
if (form) {
  form.submit();
  if (form.target) {
    form.hidden = true;
  }
}
