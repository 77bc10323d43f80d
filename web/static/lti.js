// Keeps the secret of one launch in the LMS (LTI platform storage) where cookies are blocked.
// Without an answer within two seconds, or without this script, the page's own text stands.

const ANSWER_MS = 2000;

/** The window that keeps the data: the LMS's page, or a named frame in it. */
function storageWindow(name) {
  const lms = window.opener || window.parent;
  if (lms === window) return null;
  if (name === "_parent") return lms;
  try {
    return lms.frames[name] || lms;
  } catch {
    return lms;
  }
}

/** Sends one message to the LMS; resolves to its answer, rejects without one. */
function ask(target, origin, message) {
  return new Promise((resolve, reject) => {
    const id = crypto.randomUUID();
    const timer = setTimeout(() => finish(reject, new Error("no answer")), ANSWER_MS);
    function finish(settle, value) {
      clearTimeout(timer);
      window.removeEventListener("message", listen);
      settle(value);
    }
    function listen(event) {
      const answer = event.data;
      if (event.origin !== origin || !answer || answer.message_id !== id) return;
      if (answer.subject !== `${message.subject}.response`) return;
      if (answer.error) finish(reject, new Error("refused"));
      else finish(resolve, answer);
    }
    window.addEventListener("message", listen);
    target.postMessage({ ...message, message_id: id }, origin);
  });
}

async function run(box, fallback) {
  const { step, target: name, origin, key, value, next } = box.dataset;
  fallback.hidden = true;
  box.hidden = false;
  try {
    const target = storageWindow(name);
    if (!target) throw new Error("no LMS window");
    if (step === "put") {
      await ask(target, origin, { subject: "lti.put_data", key, value });
      window.location.replace(next);
      return;
    }
    const answer = await ask(target, origin, { subject: "lti.get_data", key });
    const form = document.getElementById("lti-confirm");
    form.elements.namedItem("secret").value = answer.value;
    form.submit();
  } catch {
    box.hidden = true;
    fallback.hidden = false;
  }
}

const box = document.getElementById("lti-storage");
const fallback = document.getElementById("lti-fallback");
if (box && fallback) run(box, fallback);
