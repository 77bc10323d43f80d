// What this tab remembers: its session, and the words in the box. Inside the page of a course
// session storage may be blocked, so that even looking at it throws; then the entry of this tab's
// history serves, which outlives a reload and is seen by no other site.

// Browsers refuse changes of an entry that come too often: the first ones are made at once.
const AT_ONCE = 40;
const WINDOW_MS = 30000;
const LATER_MS = 800;

function inHistory() {
  const kept = { ...history.state };
  let writes = [];
  let later = null;
  const write = () => {
    clearTimeout(later);
    later = null;
    writes.push(Date.now());
    history.replaceState(kept, "");
  };
  const change = () => {
    writes = writes.filter((at) => Date.now() - at < WINDOW_MS);
    if (writes.length < AT_ONCE) write();
    else later ??= setTimeout(write, LATER_MS);
  };
  return {
    getItem: (key) => kept[key] ?? null,
    setItem(key, value) {
      kept[key] = value;
      change();
    },
    removeItem(key) {
      if (!(key in kept)) return;
      delete kept[key];
      change();
    },
  };
}

function open() {
  try {
    window.sessionStorage.getItem("greyarea");
    return window.sessionStorage;
  } catch {
    return inHistory();
  }
}

export const storage = open();
