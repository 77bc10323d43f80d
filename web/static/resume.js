// A reload without a cookie: this tab still knows its session and posts it again, once.
import { storage } from "./storage.js";

const token = storage.getItem("greyarea.session");
if (document.querySelector("[data-resume]") && token) {
  storage.removeItem("greyarea.session");
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/app";
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = "session";
  field.value = token;
  form.append(field);
  document.body.append(form);
  form.submit();
}
