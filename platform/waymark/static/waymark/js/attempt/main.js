// The page of an attempt. Without this script its form saves and hands in as it is; with it every
// answer is saved as one goes, survives a lost connection, and a second tab is told.
import { read, same, words as inWords, write } from "./answers.js";
import { outbox } from "./outbox.js";
import { countdown } from "./timer.js";

const TYPING = 800;
const CHOOSING = 150;

const form = document.getElementById("attempt");
const words = document.getElementById("words").dataset;
const live = document.getElementById("live");
const say = (text) => { live.textContent = text; };
const questions = new Map(
  [...form.querySelectorAll("[data-question]")].map((element) => [Number(element.dataset.question), element]),
);

if (!("reading" in form.dataset)) begin();

function begin() {
  const overall = document.querySelectorAll("[data-save-state]");
  const time = new Intl.DateTimeFormat("en-GB", { timeStyle: "medium", timeZone: form.dataset.zone });
  const timers = new Map();
  const contested = new Set();
  let leaving = false;
  let failing = false;

  const box = outbox({
    api: form.dataset.api,
    attempt: form.dataset.attempt,
    told: { saving, saved, offline, signedOut, refused, conflict, closed },
  });

  const part = (question, name) => question.querySelector(`[data-${name}]`);
  const known = (question) => JSON.parse(part(question, "known").value);
  const version = (question) => Number(part(question, "version").value);

  function state(text, failed = false) {
    for (const place of overall) {
      if (place.textContent !== text) place.textContent = text;
      place.classList.toggle("text-error", failed);
      place.classList.toggle("text-muted", !failed);
    }
    if (failed) say(text);
    failing ||= failed;
  }

  /** Nothing is on its way any more: all of it is saved, or a question waits for a decision. */
  function atRest(text) {
    if (contested.size) {
      state(words.contested.replace("{number}", [...contested][0]), true);
      return;
    }
    state(text);
    if (failing) say(text);
    failing = false;
  }

  function problem(question, content) {
    part(question, "problem").replaceChildren(...(content ? [content] : []));
  }

  function count() {
    let answered = 0;
    for (const [number, question] of questions) {
      const done = read(question) !== null && !("unreadable" in question.dataset);
      answered += done;
      const link = document.querySelector(`[data-goto="${number}"]`);
      link.toggleAttribute("data-done", done);
      link.querySelector("[data-word]").textContent = done ? words.answered : "";
      part(question, "clear").hidden = !done || question.dataset.widget !== "radio";
    }
    document.querySelector("[data-answered-count]").textContent = answered;
    document.querySelector("aside progress").value = answered;
  }

  // -- what the outbox tells ---------------------------------------------------
  function saving() {
    state(words.saving);
  }

  function saved(answer, unchanged) {
    const question = questions.get(answer.number);
    part(question, "version").value = answer.version;
    part(question, "known").value = JSON.stringify(answer.value);
    if (unchanged) part(question, "remark").textContent = answer.remark;
    question.toggleAttribute("data-unreadable", answer.value !== null && !answer.answered);
    count();
    settled(question, answer.saved_at);
    problem(question, null);
  }

  function offline() {
    state(words.offline, true);
  }

  function signedOut() {
    state(words.signedOut, true);
  }

  function refused(number, reason) {
    const text = words.refused.replace("{reason}", reason);
    part(questions.get(number), "state").textContent = text;
    state(text, true);
  }

  function closed(numbers) {
    for (const [number, question] of questions) {
      if (numbers.includes(number)) part(question, "state").textContent = words.closed;
    }
    state(words.closed, true);
    form.querySelectorAll("fieldset").forEach((fieldset) => { fieldset.disabled = true; });
    const link = document.createElement("a");
    link.className = "btn btn-primary";
    link.href = form.getAttribute("action");
    link.textContent = words.seeResult;
    document.getElementById("hand-in").replaceChildren(link);
  }

  function conflict(number, both, mine) {
    const question = questions.get(number);
    const note = document.getElementById("conflict").content.cloneNode(true).firstElementChild;
    contested.add(number);
    note.querySelector("[data-theirs]").textContent = inWords(question, both.saved, words.noAnswer);
    note.querySelector("[data-mine]").textContent = inWords(question, mine, words.noAnswer);
    const settle = (value) => {
      contested.delete(number);
      part(question, "version").value = both.version;
      part(question, "known").value = JSON.stringify(both.saved);
      write(question, value);
      problem(question, null);
      part(question, "state").textContent = words.saving;
      question.focus();
      changed(question, 0);
      if (!box.has(number)) settled(question, both.saved_at);
    };
    note.querySelector("[data-keep-mine]").addEventListener("click", () => settle(read(question)));
    note.querySelector("[data-take-theirs]").addEventListener("click", () => settle(both.saved));
    problem(question, note);
    part(question, "state").textContent = words.notSaved;
    state(words.contested.replace("{number}", number), true);
  }

  /** What stands on the server stands here too. */
  function settled(question, savedAt) {
    const text = savedAt ? words.saved.replace("{time}", time.format(new Date(savedAt))) : words.none;
    part(question, "state").textContent = text;
    if (!box.size) atRest(text);
  }

  // -- what the person does ------------------------------------------------------
  function changed(question, delay) {
    const number = Number(question.dataset.question);
    count();
    if (contested.has(number)) return;
    const value = read(question);
    if (same(value, known(question)) && !box.has(number)) {
      box.drop(number);
      return;
    }
    box.put(number, value, version(question));
    clearTimeout(timers.get(number));
    timers.set(number, setTimeout(box.flush, delay));
  }

  form.addEventListener("input", (event) => {
    const question = event.target.closest("[data-question]");
    if (question) changed(question, event.target.type === "text" ? TYPING : CHOOSING);
  });

  form.addEventListener("focusout", (event) => {
    if (event.target.type === "text" && box.size) box.flush();
  });

  for (const question of questions.values()) {
    part(question, "clear").addEventListener("click", () => {
      write(question, null);
      question.querySelector("input").focus();
      changed(question, 0);
    });
  }

  // -- leaving, coming back -------------------------------------------------------
  for (const name of ["online", "focus"]) window.addEventListener(name, () => { if (box.size) box.flush(); });
  window.addEventListener("pagehide", () => { if (box.size) box.flush(); });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

  // -- handing in ------------------------------------------------------------------
  const buttons = document.querySelectorAll('[form="attempt"][name="action"], #attempt [name="action"]');
  const busy = (is) => buttons.forEach((button) => { button.disabled = is; });

  /** Everything must have arrived, and the server must answer, before the page is left. */
  async function ready() {
    if (contested.size) return words.unsaved;
    if (!(await box.flush()) || box.size) return contested.size ? words.unsaved : words.notHandedIn;
    if (contested.size) return words.unsaved;
    try {
      await fetch(form.dataset.api, { credentials: "same-origin", signal: AbortSignal.timeout(10_000) });
    } catch {
      return words.notHandedIn;
    }
    return "";
  }

  async function handIn(confirmed) {
    if (leaving) return;
    leaving = true;
    busy(true);
    const reason = await ready();
    if (reason) {
      leaving = false;
      busy(false);
      state(reason, true);
      if (contested.size) questions.get([...contested][0]).focus();
      return;
    }
    for (const [name, value] of [["action", "hand_in"], ...(confirmed ? [["confirm", "1"]] : [])]) {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      form.append(input);
    }
    form.submit();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (event.submitter?.value === "hand_in") handIn(false);
    else box.flush();
  });

  countdown({
    form,
    say,
    words,
    over() {
      form.querySelectorAll("fieldset").forEach((fieldset) => { fieldset.inert = true; });
      handIn(true);
    },
  });

  // -- what an earlier visit of this device left behind ------------------------------
  for (const [number, question] of questions) {
    const left = box.left(number, known(question));
    if (!left) continue;
    write(question, left.value);
    box.put(number, read(question), left.version);
  }
  for (const element of document.querySelectorAll("[data-with-script]")) element.hidden = false;
  state(overall[0].textContent);
  count();
  if (box.size) box.flush();
}
