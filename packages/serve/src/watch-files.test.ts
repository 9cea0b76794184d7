import { setTimeout as sleep } from "node:timers/promises";
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
            return true;
          },
        },
      ],
      1,
    );
    t.teardown(() => watch.stop());
  });
  t.deepEqual(used, ["c"]);
});

test("what could not be used is tried again some looks later, and then left alone", async (t) => {
  const looksAtReload: number[] = [];
  let looks = 0;
  await new Promise<void>((resolve) => {
    const watch = watchFiles(
      [
        {
          used: "a",
          state: async () => {
            if (++looks === 100) resolve();
            return "b";
          },
          reload: async () => looksAtReload.push(looks) === 3,
        },
      ],
      1,
    );
    t.teardown(() => watch.stop());
  });
  t.deepEqual(looksAtReload, [2, 32, 62]);
});

test("looks that a reload has held up are not made up for", async (t) => {
  let looks = 0;
  let goOn = () => {};
  const heldUp = new Promise<boolean>((resolve) => {
    goOn = () => resolve(true);
  });
  let isHeldUp = () => {};
  const reloading = new Promise<void>((resolve) => {
    isHeldUp = resolve;
  });
  const reload = () => {
    isHeldUp();
    return heldUp;
  };
  const state = async () => String(++looks > 0);
  const watch = watchFiles([{ used: "", state, reload }], 1);
  t.teardown(() => watch.stop());
  await reloading;
  const before = looks;
  await sleep(100);
  t.is(looks, before);
  watch.stop();
  goOn();
  await watch.now();
  t.is(looks, before + 1);
});

test("asked to, it takes everything into use at once, and tells when that is done", async (t) => {
  const reloads: number[] = [];
  const watch = watchFiles(
    [{ used: "a", state: async () => "a", reload: async () => reloads.push(reloads.length) > 0 }],
    3_600_000,
  );
  t.teardown(() => watch.stop());
  await Promise.all([watch.now(), watch.now()]);
  t.deepEqual(reloads, [0, 1]);
});
