// What could not be sent yet, kept on this device: one entry per question, so that two tabs
// without a connection do not overwrite each other. Nothing here fails a page: a browser that
// refuses storage only loses the safety net.

/** The shelf of one attempt. */
export function shelf(attempt) {
  const name = (number) => `waymark.attempt.${attempt}.${number}`;
  const quietly = (action, otherwise) => {
    try {
      return action();
    } catch {
      return otherwise;
    }
  };
  return {
    /** Keep an answer with the version that it follows. */
    keep(number, value, version) {
      quietly(() => localStorage.setItem(name(number), JSON.stringify({ value, version })));
    },
    /** What is kept for a question, or null. */
    kept(number) {
      return quietly(() => JSON.parse(localStorage.getItem(name(number))), null);
    },
    drop(number) {
      quietly(() => localStorage.removeItem(name(number)));
    },
  };
}
