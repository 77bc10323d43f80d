// LTI platform storage by postMessage (client-side postMessages and platform
// storage, version 0.1): small strings, kept in memory, for the tool's origin only.
(() => {
  const { toolOrigin, keeps, frame } = document.currentScript.dataset;
  const MAX_KEYS = 500;
  const MAX_BYTES = 4096;
  const values = new Map();
  const bytes = (text) => new TextEncoder().encode(text).length;
  const failure = (code, message) => ({ error: { code, message } });

  const put = ({ key, value }) => {
    if (typeof key !== "string" || key === "") {
      return failure("bad_request", "key has to be a string");
    }
    if (value === null || value === undefined) {
      values.delete(key);
      return { key, value: null };
    }
    if (typeof value !== "string") {
      return failure("bad_request", "value has to be a string");
    }
    const full = !values.has(key) && values.size >= MAX_KEYS;
    if (full || bytes(key) + bytes(value) > MAX_BYTES) {
      return failure("storage_exhaustion", "too many keys, or too long a value");
    }
    values.set(key, value);
    return { key, value };
  };

  const get = ({ key }) =>
    typeof key === "string"
      ? { key, value: values.get(key) ?? null }
      : failure("bad_request", "key has to be a string");

  const capabilities = () => ({
    supported_messages: [
      { subject: "lti.capabilities" },
      { subject: "lti.get_data", frame },
      { subject: "lti.put_data", frame },
    ],
  });

  const answers =
    keeps === "yes"
      ? { "lti.capabilities": capabilities, "lti.get_data": get, "lti.put_data": put }
      : { "lti.capabilities": capabilities };

  window.addEventListener("message", ({ data, origin, source }) => {
    const subject = data?.subject;
    if (origin !== toolOrigin || typeof subject !== "string" || !subject.startsWith("lti.")) {
      return;
    }
    const answer = Object.hasOwn(answers, subject)
      ? answers[subject](data)
      : failure("unsupported_subject", "not answered by this frame");
    source.postMessage(
      { subject: `${subject}.response`, message_id: data.message_id, ...answer },
      origin,
    );
  });
})();
