// Tells the LMS that the registration is done, so that it closes this page: to its own
// origins only. Without this script the page says that it can be closed.

const lms = window.opener || window.parent;
const origins = document.getElementById("lti-close").dataset.origins.split(" ");
if (lms !== window) {
  for (const origin of origins) {
    for (const subject of ["org.imsglobal.lti.close", "lti.close"]) {
      lms.postMessage({ subject }, origin);
    }
  }
}
