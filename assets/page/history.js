// Back and Forward walk through pages, chosen views and the steps of a lesson: everything else that is set changes the
// address in its place.
//
// Streamlit makes an entry for what the server sets, as a step of depth, and none for what a visitor chooses, as a
// view. On the way to another page it first takes the settings of the old page out of the old address, which must keep
// them: an entry is what the address was when it last rested.

const PLACE = ["view", "lesson", "step"]; // parameters that make another place of a page
const REST = 200; // milliseconds until an address, while no script runs, is taken to be what was chosen

function walkThroughPlaces() {
  const own = window.history;
  const [push, replace] = [own.pushState.bind(own), own.replaceState.bind(own)];
  let rested = location.href;
  let timer = null;
  let walking = false; // Back or Forward was pressed, and the page follows
  let leaving = false; // a link to another page was clicked, and the page follows

  const place = (address) => {
    const { pathname, searchParams } = new URL(address);
    return JSON.stringify([pathname, ...PLACE.map((name) => searchParams.get(name))]);
  };

  const isRunning = () => document.querySelector("[data-test-script-state]")?.dataset.testScriptState !== "notRunning";

  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(() => (isRunning() ? wait() : rest()), REST);
  };

  const rest = () => {
    const now = location.href;
    if (!walking && place(now) !== place(rested)) {
      replace(own.state, "", rested);
      push({}, "", now);
    }
    rested = now;
  };

  const change = (state, title, address = location.href) => {
    const next = new URL(address, location.href);
    if (next.pathname === location.pathname) {
      replace(state, title, next.href);
    } else {
      replace(own.state, "", rested);
      push(state, title, next.href);
      rested = next.href;
      leaving = false;
    }
    if (!leaving) wait();
  };
  own.pushState = change;
  own.replaceState = change;

  window.addEventListener("popstate", () => {
    clearTimeout(timer);
    rested = location.href;
    walking = true;
  }, true);
  const act = ({ type, target }) => {
    walking = false;
    const link = type === "click" ? target.closest?.("a[href]:not([target=_blank])") : null;
    leaving = Boolean(link) && link.pathname !== location.pathname;
  };
  for (const kind of ["click", "keydown"]) window.addEventListener(kind, act, true);
}

if (!window.walksThroughPlaces) walkThroughPlaces();
window.walksThroughPlaces = true;
