// The rubric of a review. Without this script its form saves and releases as it is; with it every
// mark is saved as one goes, the sum runs along, and the keyboard does all of it.
import { token } from "./cookies.js";

const PAUSE = 700;
const AGAIN = 4000;
const form = document.getElementById("review");
const words = form.dataset;
const criteria = [...form.querySelectorAll("[data-criterion]")];
const part = (name) => form.querySelector(`[data-${name}]`);
const own = (row) => row.querySelector("input[value=own]");
const field = (row) => row.querySelector("input[name^=points-]");
const levels = (row) => [...row.querySelectorAll("input[data-number]")];
const read = (row) => Number.parseFloat(field(row).value.replace(",", "."));
let timer = 0;
let sending = null;
let dirty = false;

part("rubric").classList.add("wm-rubric-live");
for (const hint of form.querySelectorAll("[data-with-script]")) hint.hidden = false;
// The typed points are the one truth here, so the choice that says so needs no row.
for (const row of criteria) {
  const mark = own(row);
  if (mark) mark.closest("label").hidden = true;
}

function state(text) {
  part("save-state").textContent = text;
}

/** Show the sum and what is open, from what stands in the form. */
function count() {
  let given = 0;
  let open = 0;
  for (const row of criteria) {
    const points = read(row);
    if (Number.isNaN(points)) open += !("bonus" in row.dataset);
    else given += points;
  }
  part("given").textContent = String(Math.round(given * 100) / 100);
  form.querySelector("progress").value = given;
  const left = part("open");
  left.textContent = open === 0 ? words.complete : open === 1 ? words.openOne : words.openMany.replace("{count}", open);
  left.classList.toggle("is-warn", open > 0);
}

function choose(row, level) {
  level.checked = true;
  field(row).value = level.value;
  changed(0);
}

function typed(row) {
  const points = field(row).value.trim().replace(",", ".");
  const level = levels(row).find((each) => Number(each.value) === Number(points) && points !== "");
  const mark = level ?? own(row);
  if (mark) mark.checked = true;
  changed(PAUSE);
}

function changed(pause) {
  dirty = true;
  count();
  state(words.unsaved);
  clearTimeout(timer);
  timer = setTimeout(save, pause);
}

/** Save what stands; one request at a time, and whatever changed meanwhile afterwards. */
async function save() {
  clearTimeout(timer);
  while (sending) await sending;
  if (!dirty) return;
  sending = post();
  await sending;
  sending = null;
}

async function post() {
  dirty = false;
  state(words.saving);
  const body = new FormData(form);
  body.set("do", "save");
  const headers = { Accept: "application/json", "X-CSRFToken": token() };
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers });
    if (!answer.ok) {
      // The whole page says what was wrong, and shows both versions where there are two.
      press("save");
      return;
    }
    const saved = await answer.json();
    form.elements.version.value = saved.version;
    if (!dirty) state(`${words.saved} ${saved.saved_at}`);
  } catch {
    dirty = true;
    state(words.away);
    timer = setTimeout(save, AGAIN);
  }
}

const press = (name) => form.querySelector(`button[name=do][value=${name}]:not(.sr-only)`).click();

async function act(name) {
  clearTimeout(timer);
  while (sending) await sending;
  press(name);
}

function at() {
  const index = criteria.findIndex((row) => row.contains(document.activeElement));
  return index < 0 ? criteria.findIndex((row) => "current" in row.dataset) : index;
}

/** Make a criterion the one that keys are for. */
function go(index) {
  const row = criteria[Math.max(0, Math.min(index, criteria.length - 1))];
  open(row);
  const to = levels(row).find((each) => each.checked) ?? levels(row)[0] ?? field(row);
  to.focus({ preventScroll: true });
  keepInSight(row);
}

function open(row) {
  for (const each of criteria) delete each.dataset.current;
  row.dataset.current = "";
}

/** Scroll what holds the rubric, and nothing else, so that a criterion is below its head. */
function keepInSight(row) {
  const pane = form.parentElement;
  const head = form.querySelector(".lg\\:sticky");
  if (pane.scrollHeight <= pane.clientHeight || getComputedStyle(pane).overflowY !== "auto") {
    row.scrollIntoView({ block: "nearest" });
    return;
  }
  const top = row.offsetTop - form.offsetTop - head.offsetHeight;
  const bottom = row.offsetTop - form.offsetTop + row.offsetHeight + 24;
  if (pane.scrollTop > top) pane.scrollTop = top;
  else if (pane.scrollTop + pane.clientHeight < bottom) pane.scrollTop = Math.min(top, bottom - pane.clientHeight);
}

form.addEventListener("input", (event) => {
  const row = event.target.closest("[data-criterion]");
  if (row && event.target === field(row)) typed(row);
  else if (row && event.target.type === "radio") {
    if (event.target.value === "own") changed(PAUSE);
    else choose(row, event.target);
  } else changed(PAUSE);
});

form.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-criterion]");
  if (row && !("current" in row.dataset)) open(row);
});

form.addEventListener("click", (event) => {
  const row = event.target.closest("[data-criterion]");
  if (row && !("current" in row.dataset)) go(criteria.indexOf(row));
});

form.addEventListener("submit", () => {
  clearTimeout(timer);
  dirty = false;
});

const LETTERS = {
  j: () => go(at() + 1),
  k: () => go(at() - 1),
  c: (row) => row.querySelector("textarea").focus(),
  p: (row) => field(row).select(),
  R: () => act("next"),
  S: () => act("save"),
};

/** Keys inside a text or a number: Escape leaves it, Enter after points goes on. */
function inside(event) {
  const row = event.target.closest("[data-criterion]");
  const points = event.target.matches("input");
  if ((event.ctrlKey || event.metaKey) && event.key === "Enter") return () => act("next");
  if (event.key === "Escape") return () => (row && !points ? go(criteria.indexOf(row)) : event.target.blur());
  if (points && event.key === "Enter") return () => go(criteria.indexOf(row) + 1);
  return null;
}

function outside(event) {
  const row = criteria[Math.max(0, at())];
  const level = levels(row).find((each) => each.dataset.number === event.key);
  if (level) {
    return () => {
      choose(row, level);
      go(criteria.indexOf(row) + 1);
    };
  }
  const act = LETTERS[event.key];
  return act ? () => act(row) : null;
}

document.addEventListener("keydown", (event) => {
  const off = localStorage.getItem("waymark.keys-off") === "1";
  const writing = event.target.closest("textarea, input[name^=points-]");
  let todo = writing ? inside(event) : null;
  // Letters are no points, so they stay keys where points are typed.
  const typing = event.target.closest("textarea, select, input:not([type=radio], [name^=points-])");
  const digit = writing && /^[0-9.,]$/.test(event.key);
  if (!todo && !off && !typing && !digit && !(event.ctrlKey || event.metaKey || event.altKey)) todo = outside(event);
  if (!todo) return;
  event.preventDefault();
  todo();
});

window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

// Where one left off, without leaving the top of the page, where the work begins.
open(criteria[Math.max(0, criteria.findIndex((row) => Number.isNaN(read(row))))]);
count();
