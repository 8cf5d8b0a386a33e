// Reload when something was built anew; without this script there is the link beside.
"use strict";

const root = document.documentElement;
const pulse = document.querySelector(".pulse");
const events = new EventSource("/_/events");

function say(state) {
  root.dataset.live = state;
  pulse.textContent = pulse.dataset[state];
}

events.addEventListener("open", () => say("on"));
events.addEventListener("error", () => say("off"));
events.addEventListener("built", (event) => {
  if (event.data !== root.dataset.revision) {
    location.reload();
  }
});
// A page that is left must not hold one of the few connections a browser has.
addEventListener("pagehide", () => events.close());
addEventListener("pageshow", (event) => {
  if (event.persisted) {
    location.reload();
  }
});
