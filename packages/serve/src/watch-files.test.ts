import test from "ava";
import { watchFiles } from "./watch-files.js";

test("what has changed is taken into use once it has stood still", async (t) => {
  const states = ["a", "b", "c", "c", "c"];
  const used: string[] = [];
  let state = "";
  await new Promise<void>((resolve) => {
    const watch = watchFiles(
      [
        {
          used: "a",
          state: async () => {
            state = states.shift() ?? "c";
            if (states.length === 0) resolve();
            return state;
          },
          reload: async () => {
            used.push(state);
          },
        },
      ],
      1,
    );
    t.teardown(() => watch.stop());
  });
  t.deepEqual(used, ["c"]);
});

test("asked to, it takes everything into use at once, and tells when that is done", async (t) => {
  const reloads: number[] = [];
  const watch = watchFiles(
    [{ used: "a", state: async () => "a", reload: async () => void reloads.push(reloads.length) }],
    3_600_000,
  );
  t.teardown(() => watch.stop());
  await Promise.all([watch.now(), watch.now()]);
  t.deepEqual(reloads, [0, 1]);
});
