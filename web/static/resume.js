// A reload without a cookie: this tab still knows its session and posts it again, once.
import { enterAgain } from "./forms.js";
import { storage } from "./storage.js";

const token = storage.getItem("greyarea.session");
if (document.querySelector("[data-resume]") && token) {
  storage.removeItem("greyarea.session");
  enterAgain(token);
}
