/** How the API server says that a webhook did not answer: by the address that it asked. */
const noAnswer = /Post "https:\/\/127\.0\.0\.1:\d+\/[^"]*": /;

/**
 * Sends requests while the server that judges is killed, and again once it was started anew.
 *
 * @param {readonly {name: string, location: object, expected: string}[]} fixtures created ones.
 * @param {{kill: () => Promise<void>, restart: () => Promise<void>}} server
 * @param {(fixture: object) => Promise<{outcome: string, by?: string, message?: string}>} judge sends one.
 * @returns {Promise<{name: string, location: object, expected: string, outcome: string, message?: string}[]>} two
 *   results for each fixture.
 */
export async function outage(fixtures, { kill, restart }, judge) {
  const results = [];
  const ask = async (when, expectedOf) => {
    for (const fixture of fixtures) {
      const { outcome, message } = await judge(fixture);
      const isUnanswered = outcome === "error" && noAnswer.test(message);
      results.push({
        name: `${fixture.name}, ${when}`,
        location: fixture.location,
        expected: expectedOf(fixture),
        outcome: isUnanswered ? unanswered : outcome,
        message,
      });
    }
  };
  await kill();
  await ask("the server killed", () => unanswered);
  await restart();
  await ask("the server started again", ({ expected }) => expected);
  return results;
}

const unanswered = "refused for want of an answer";
