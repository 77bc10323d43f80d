// A reload without a cookie: this tab still knows its session and posts it again, once.
let token = null;
try {
  token = sessionStorage.getItem("greyarea.session");
} catch {
  // Storage is blocked here: the page's own words tell what to do.
}
if (document.querySelector("[data-resume]") && token) {
  sessionStorage.removeItem("greyarea.session");
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
