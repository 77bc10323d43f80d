// Forms that a script fills in or makes: what is posted is what the page's own forms would post.
export function addHidden(form, name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
}

// The cases as this session has them, in place of the page that is there.
export function enterAgain(session) {
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: "/app" });
  addHidden(form, "session", session);
  document.body.append(form);
  form.submit();
}

// Another language, or the other form of the interview: what stands in the box goes along.
export function takeAlong(form) {
  const text = document.querySelector("#text")?.value;
  if (text && !form.elements.namedItem("text")) addHidden(form, "text", text);
}
