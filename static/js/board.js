// Dragging a card on the board does what its "Next step" offers for that column, and nothing else.
"use strict";

const board = document.querySelector(".board");
let held = null;

const stepTo = (card, state) => card.querySelector(`[data-to="${state}"]`);

for (const card of board?.querySelectorAll(".board__card") ?? []) {
  if (!card.querySelector("[data-to]")) continue;
  card.draggable = true;
  card.addEventListener("dragstart", (event) => {
    held = card;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
  });
  card.addEventListener("dragend", () => {
    held = null;
    for (const column of board.querySelectorAll(".is-over")) column.classList.remove("is-over");
  });
}

for (const column of board?.querySelectorAll(".board__column") ?? []) {
  column.addEventListener("dragover", (event) => {
    if (!held || !stepTo(held, column.dataset.state)) return;
    event.preventDefault();
    column.classList.add("is-over");
  });
  column.addEventListener("dragleave", (event) => {
    if (!column.contains(event.relatedTarget)) column.classList.remove("is-over");
  });
  column.addEventListener("drop", (event) => {
    const step = held && stepTo(held, column.dataset.state);
    if (!step) return;
    event.preventDefault();
    step.click();
  });
}

// A step loads the board anew: the card that went on has the focus again, in its new column.
const MOVED = "corridor-moved";

board?.addEventListener("submit", (event) => {
  const card = event.target.closest(".board__card");
  if (card) sessionStorage.setItem(MOVED, card.querySelector("a").getAttribute("href"));
});

const moved = sessionStorage.getItem(MOVED);
sessionStorage.removeItem(MOVED);
if (moved) board?.querySelector(`a[href="${CSS.escape(moved)}"]`)?.focus({ preventScroll: true });
