// Sends answers one after the other and never loses one. An answer leaves the outbox when the
// server has it, or when a person has to decide; without a connection it is tried again, at
// once when the connection is back.
import { token } from "../cookies.js";
import { same } from "./answers.js";
import { shelf } from "./kept.js";

const PATIENCE = 10_000;
const FIRST_WAIT = 2_000;
const LONGEST_WAIT = 30_000;

/**
 * @param api       address of the attempt
 * @param attempt   its id
 * @param told      {saving, saved, offline, signedOut, refused, conflict, closed}: what the page does then
 */
export function outbox({ api, attempt, told }) {
  const shelved = shelf(attempt);
  const waiting = new Map(); // number -> {value, version}
  let running = null;
  let wait = FIRST_WAIT;
  let timer = 0;
  let stopped = false;

  async function send(number, { value, version }) {
    const response = await fetch(`${api}responses/${number}/`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({ value, version }),
      credentials: "same-origin",
      keepalive: true,
      signal: AbortSignal.timeout(PATIENCE),
    });
    const answer = await response.json().catch(() => ({}));
    return { status: response.status, answer };
  }

  /** Works the outbox off; true when it is empty, false when something is left to be tried again. */
  async function work() {
    while (waiting.size && !stopped) {
      const [number, entry] = waiting.entries().next().value;
      told.saving();
      let result;
      try {
        result = await send(number, entry);
      } catch {
        return later(told.offline);
      }
      const { status, answer } = result;
      if (status === 401 || (status === 403 && answer.errors?.[0]?.code !== "not_allowed")) return later(told.signedOut);
      if (status === 429 || status >= 500) return later(told.offline);
      wait = FIRST_WAIT;
      const code = answer.errors?.[0]?.code;
      const newer = waiting.get(number);
      const unchanged = newer === entry;
      if (status === 200) {
        if (unchanged) {
          waiting.delete(number);
          shelved.drop(number);
        } else {
          newer.version = answer.version;
          shelved.keep(number, newer.value, newer.version);
        }
        told.saved(answer, unchanged);
      } else if (code === "attempt_closed") {
        // It counts no more; the page shows it as long as it is open.
        stopped = true;
        for (const late of waiting.keys()) shelved.drop(late);
        told.closed([...waiting.keys()]);
      } else {
        waiting.delete(number);
        if (code === "response_conflict") told.conflict(number, answer.conflict, newer.value);
        else told.refused(number, answer.errors?.[0]?.detail ?? String(status));
      }
    }
    return !stopped && !waiting.size;
  }

  function later(tell) {
    for (const [number, { value, version }] of waiting) shelved.keep(number, value, version);
    tell();
    clearTimeout(timer);
    timer = setTimeout(flush, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
    return false;
  }

  /** Send everything now; resolves to whether all of it arrived. */
  function flush() {
    clearTimeout(timer);
    running ??= work().finally(() => {
      running = null;
    });
    return running;
  }

  return {
    /** Put an answer in, in place of an older one to the same question. */
    put(number, value, version) {
      if (stopped) return;
      waiting.set(number, { value, version });
      shelved.keep(number, value, version);
    },
    /** Take an answer out: it stands already. */
    drop(number) {
      waiting.delete(number);
      shelved.drop(number);
    },
    /** What an earlier visit of this device could not send, if it differs from what stands. */
    left(number, known) {
      const kept = shelved.kept(number);
      if (!kept || same(kept.value, known)) {
        shelved.drop(number);
        return null;
      }
      return kept;
    },
    flush,
    has: (number) => waiting.has(number),
    get size() {
      return waiting.size;
    },
  };
}
