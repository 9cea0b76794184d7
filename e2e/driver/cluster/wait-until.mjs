/**
 * Asks again and again until the answer is yes.
 *
 * @param {string} what is waited for, for the error.
 * @param {() => Promise<boolean>} isSo
 * @param {{seconds: number, everyMs?: number}} limits
 * @throws if it is not so in time.
 */
export async function waitUntil(what, isSo, { seconds, everyMs = 200 }) {
  const end = Date.now() + seconds * 1000;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`after ${seconds} s, still waiting for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
