// What the pages do beyond plain HTML. Everything here is an addition: without it the page works.
"use strict";

const root = document.documentElement;
root.classList.add("js");

// Theme: remembered in a cookie, so that the server can write data-theme and nothing flashes.
const systemDark = matchMedia("(prefers-color-scheme: dark)");
const currentTheme = () => root.dataset.theme || (systemDark.matches ? "dark" : "light");

function markTheme() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    button.setAttribute("aria-pressed", String(currentTheme() === "dark"));
  }
}

function setTheme(theme) {
  root.dataset.theme = theme;
  document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
  markTheme();
}

// A line of tabs begins where the current one is seen (browsers without scroll-initial-target).
for (const here of document.querySelectorAll(":is(.tabs, .ownnav, .mainnav) a[aria-current]")) {
  const line = here.closest(".tabs, .mainnav, .ownnav ul");
  const beyond = here.offsetLeft + here.offsetWidth - line.offsetLeft - line.clientWidth;
  if (beyond > 0 && !line.scrollLeft) line.scrollLeft = beyond + 40;
}

// A side column that is taller than the window sticks by its end, a shorter one by its beginning.
const sides = new ResizeObserver(fitSides);
function fitSides() {
  for (const side of document.querySelectorAll(".columns > .sticky")) {
    const room = innerHeight - side.offsetHeight - 24;
    if (room < 24) side.style.setProperty("--stick", `${room}px`);
    else side.style.removeProperty("--stick");
  }
}
for (const side of document.querySelectorAll(".columns > .sticky")) sides.observe(side);
addEventListener("resize", fitSides);

// One open menu at a time; Escape and a click outside close it.
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) {
    setTheme(currentTheme() === "dark" ? "light" : "dark");
  }
  const cancel = event.target.closest("[data-close-details]");
  if (cancel) {
    const details = cancel.closest("details");
    details.open = false;
    details.querySelector("summary").focus();
  }
  const shows = event.target.closest("[data-show-password]");
  if (shows) document.getElementById(shows.dataset.showPassword).type = shows.checked ? "text" : "password";
  const printer = event.target.closest("[data-print]");
  if (printer) window.print();
  closeMenus(event.target.closest("details.menu"));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = event.target.closest?.("details.menu[open]") || document.querySelector("details.menu[open]");
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// A form is sent once. Coming back with the back button makes it usable again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  for (const button of form.querySelectorAll("button:not([type]), button[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  }
  markTheme();
});

// Kind validation: a field is looked at when it is left, never while it is being typed in.
// The words come from the page (data-say-* on <body>), so they are in its language.
const say = document.body.dataset;

function complaint(input) {
  const { validity } = input;
  if (validity.valid) return "";
  if (validity.valueMissing) return say.sayRequired;
  if (validity.typeMismatch && input.type === "email") return say.sayEmail;
  if (validity.typeMismatch && input.type === "url") return say.sayUrl;
  if (validity.badInput && input.type === "date") return say.sayDate;
  if (validity.tooShort) return say.sayShort.replace("{n}", input.minLength);
  if (validity.rangeUnderflow) return say.sayMin.replace("{n}", input.min);
  if (validity.rangeOverflow) return say.sayMax.replace("{n}", input.max);
  return input.title || say.sayFormat;
}

function review(input) {
  const field = input.closest(".field");
  const line = field?.querySelector("[data-live-error]");
  if (!line) return;
  const words = complaint(input);
  line.querySelector("span").textContent = words;
  line.hidden = !words;
  field.classList.toggle("field--error", Boolean(words));
  field.querySelector("[data-server-error]")?.remove();
  if (words) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

document.addEventListener("focusout", (event) => {
  const input = event.target;
  if (!input.matches?.(".field :is(input, select, textarea)") || !input.dataset.touched) return;
  review(input);
});

document.addEventListener("input", (event) => {
  const input = event.target;
  if (!input.matches?.(".field :is(input, select, textarea)")) return;
  input.dataset.touched = "1";
  if (input.getAttribute("aria-invalid") === "true" && input.validity.valid) review(input);
});

markTheme();
systemDark.addEventListener("change", markTheme);
