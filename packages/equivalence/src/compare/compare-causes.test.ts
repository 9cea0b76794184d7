import { type EngineHost, startHost } from "@registry-policy/engines";
import test from "ava";
import { pairs } from "./compare-causes.test.data.js";
import { compareSides } from "./compare-sides.js";
import { comparedSide } from "./compared-side.js";
import { openSide } from "./judge-side.js";

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

for (const [name, { left, right, causes }] of Object.entries(pairs)) {
  test.serial(`what differs is told of ${name}`, async (t) => {
    const one = await openSide(comparedSide([left]), async () => host);
    const other = await openSide(comparedSide([right]), async () => host);
    const { differences } = await compareSides(one, other);
    t.deepEqual(
      differences.map(({ direction, cause }) => `${direction === "allowed" ? "+" : "-"} ${cause}`),
      [...causes],
    );
    await Promise.all([one.close(), other.close()]);
  });
}
