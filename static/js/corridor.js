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

// A menu that the keyboard has left lies over nothing.
document.addEventListener("focusin", (event) => closeMenus(event.target.closest("details.menu")));

const ASIDE = ":is(details.menu, details.confirm, details.board__move)[open]";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.defaultPrevented) return;
  const opened = event.target.closest?.(ASIDE) || document.querySelector("details.menu[open]");
  if (opened) {
    opened.open = false;
    opened.querySelector("summary").focus();
  }
});

// What is told to a reader who does not see it: one line that stays on every page, so that a
// screen reader hears each change of it.
const told = document.querySelector("[data-told]");

function tell(words) {
  told.textContent = "";
  setTimeout(() => (told.textContent = words), 150);
}

// A refused form begins with what is to be mended; where nothing was refused, what was done is told.
const refused = [...document.querySelectorAll("[data-refused]")].find((each) => each.children.length);
if (refused) {
  refused.closest("details:not([open])")?.setAttribute("open", "");
  refused.focus();
} else {
  const done = [...document.querySelectorAll(".messages .notice")].map((each) => each.innerText.trim());
  if (done.length) addEventListener("load", () => tell(done.join(" ")));
}

// What htmx puts in anew keeps the reader's place: what was open stays open, and the same control
// keeps the focus; if it is gone, the part's heading has it. A part with data-tell says that line.
let place = null;

const keyOf = (control) =>
  control.id || [control.tagName, control.name, control.getAttribute("href"), control.textContent.trim()].join(" ");
const named = (details) => details.id || keyOf(details.querySelector("summary")); // its count may change

document.addEventListener("htmx:beforeSwap", (event) => {
  const opened = [...document.querySelectorAll("main details[open]")].map(named);
  place = { focused: document.activeElement, opened: new Set(opened), part: event.detail.target.id };
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (!place) return;
  const { focused, opened, part } = place;
  place = null;
  for (const details of document.querySelectorAll("main details:not([open])")) {
    if (opened.has(named(details))) details.open = true;
  }
  const anew = document.getElementById(part);
  if (!anew) return;
  if (focused !== document.body && !focused.isConnected) {
    const key = keyOf(focused);
    const same = [...document.querySelectorAll(`main ${focused.tagName}`)].find((each) => keyOf(each) === key);
    const heading = anew.querySelector("h2, h3") ?? anew;
    if (!same) heading.tabIndex = -1;
    (same ?? heading).focus({ preventScroll: Boolean(same) });
  }
  const line = anew.querySelector("[data-tell]")?.innerText.trim();
  if (line && (event.detail.requestConfig?.triggeringEvent || line !== told.textContent)) tell(line);
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
