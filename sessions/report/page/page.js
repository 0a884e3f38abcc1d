"use strict";
const form = document.getElementById("filter");
const items = [...document.querySelectorAll("details.item")];

function fits(item, arm, state, part) {
  if (part && item.dataset.part !== part) return false;
  if (!arm && !state) return true;
  return item.dataset.states.split(" ").some((each) => {
    const [of, ended] = each.split(":");
    return (!arm || of === arm) && (!state || ended === state);
  });
}

function filter() {
  let shown = 0;
  for (const item of items) {
    item.hidden = !fits(item, form.elements.arm.value, form.elements.state.value, form.elements.part.value);
    shown += item.hidden ? 0 : 1;
  }
  form.querySelector("output").textContent = `${shown} of ${items.length}`;
}

function open_linked() {
  const item = document.getElementById(location.hash.slice(1));
  if (!item || item.tagName !== "DETAILS") return;
  item.hidden = false;
  item.open = true;
  item.scrollIntoView();
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", open_linked);
filter();
open_linked();
