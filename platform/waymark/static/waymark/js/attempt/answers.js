// Reads and writes the answer of one question (a fieldset) in the shape that the API takes:
// a letter, a list of letters, a text, or an object from the letter of each row to what it holds.

/** Whether two answers say the same; the order of letters and rows does not matter. */
export function same(one, other) {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value) {
  if (Array.isArray(value)) return [...value].sort();
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).sort());
  return value ?? null;
}

const boxes = (question) => [...question.querySelectorAll("input[type=radio], input[type=checkbox]")];
const field = (question) => question.querySelector("input[type=text]");
const rows = (question) => [...question.querySelectorAll("select, input[type=text]")];
const key = (row) => row.name.slice(row.name.indexOf(".") + 1);

/** The answer as it stands on the page; null when nothing is answered. */
export function read(question) {
  switch (question.dataset.widget) {
    case "radio": {
      const chosen = boxes(question).find((box) => box.checked);
      if (!chosen) return null;
      return "boolean" in question.dataset ? chosen.value === "true" : chosen.value;
    }
    case "checkbox": {
      const chosen = boxes(question).filter((box) => box.checked).map((box) => box.value);
      return chosen.length ? chosen.sort() : null;
    }
    case "text":
    case "number":
      return field(question).value.trim() || null;
    default: {
      const number = question.dataset.widget === "places";
      const filled = rows(question).filter((row) => row.value.trim());
      if (!filled.length) return null;
      return Object.fromEntries(filled.map((row) => [key(row), number ? Number(row.value) : row.value.trim()]));
    }
  }
}

/** Put an answer on the page. */
export function write(question, value) {
  switch (question.dataset.widget) {
    case "radio":
      for (const box of boxes(question)) box.checked = value !== null && box.value === String(value);
      break;
    case "checkbox":
      for (const box of boxes(question)) box.checked = (value ?? []).includes(box.value);
      break;
    case "text":
    case "number":
      field(question).value = value ?? "";
      break;
    default:
      for (const row of rows(question)) row.value = String(value?.[key(row)] ?? "");
  }
}

/** An answer in words, taken from the page's own texts. */
export function words(question, value, nothing) {
  if (value === null || value === undefined) return nothing;
  if (["radio", "checkbox"].includes(question.dataset.widget)) {
    const chosen = [value].flat().map(String);
    return boxes(question)
      .filter((box) => chosen.includes(box.value))
      .map((box) => box.closest("label").querySelector("[data-text]").textContent.trim())
      .join("; ");
  }
  if (typeof value !== "object") return String(value);
  return rows(question)
    .filter((row) => key(row) in value)
    .map((row) => {
      const text = question.querySelector(`[data-row="${key(row)}"]`)?.textContent.trim() ?? key(row);
      const held = [...(row.options ?? [])].find((option) => option.value === String(value[key(row)]));
      return `${text}: ${held ? held.textContent : value[key(row)]}`;
    })
    .join("; ");
}
