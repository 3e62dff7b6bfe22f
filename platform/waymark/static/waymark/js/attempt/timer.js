// Time left, by the server's clock. The figure changes every second and is not announced; a few
// warnings are.
const WARNINGS = [600, 300, 60];
const URGENT = 60;

const two = (number) => String(number).padStart(2, "0");

/** `1:02:03`, `24:05` or `0:09`. */
export function clock(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/**
 * @param form     with data-now and data-deadline
 * @param say      puts a sentence into the polite live region
 * @param words    sentences in the language of the page
 * @param over     called once, when the time is over
 */
export function countdown({ form, say, words, over }) {
  if (!form.dataset.deadline) return;
  const ahead = Date.parse(form.dataset.now) - Date.now();
  const deadline = Date.parse(form.dataset.deadline);
  const places = document.querySelectorAll("[data-time-left]");
  let before = Infinity;

  function tick() {
    const left = Math.max(0, Math.ceil((deadline - Date.now() - ahead) / 1000));
    for (const place of places) {
      place.hidden = false;
      place.textContent = left ? words.left.replace("{time}", clock(left)) : words.over;
      place.classList.toggle("text-error", left <= URGENT);
    }
    const warning = WARNINGS.find((seconds) => left <= seconds && before > seconds);
    if (warning && before !== Infinity) {
      say(warning === 60 ? words.minute : words.minutes.replace("{count}", warning / 60));
    }
    before = left;
    if (!left) {
      clearInterval(timer);
      over();
    }
  }

  const timer = setInterval(tick, 1000);
  tick();
}
