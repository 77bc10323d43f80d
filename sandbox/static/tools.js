// Leaves the registration when the tool says that it is done: only the tool's own origin counts.
const frame = document.getElementById("registration");
window.addEventListener("message", ({ data, origin, source }) => {
  const done = data?.subject === "org.imsglobal.lti.close";
  if (done && origin === frame.dataset.origin && source === frame.contentWindow) {
    window.location.assign(frame.dataset.done);
  }
});
