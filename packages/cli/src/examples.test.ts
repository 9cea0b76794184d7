import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type EngineHost, type LocalEngineId, openEngine, startHost } from "@registry-policy/engines";
import { availableEngines, discover, type FixtureCase } from "@registry-policy/equivalence";
import test from "ava";

const examples = fileURLToPath(new URL("../../../examples", import.meta.url));
const program = fileURLToPath(new URL("./main.js", import.meta.url));

/** Each takes engines of its own, which take both of two cores. */
const serially = test.serial;

let host: EngineHost;
test.before(async () => {
  host = await startHost();
});
test.after.always(() => host?.close());

const names = readdirSync(examples);

test("there is every example that the README promises", (t) => {
  const promised = ["bank", "break-glass", "digests-required", "dots-that-mean-dots", "eks-public-ecr", "no-latest"];
  t.deepEqual(
    promised.filter((name) => !names.includes(name)),
    [],
  );
});

for (const name of names) {
  const folder = join(examples, name);
  const policy = join(folder, "policy.yaml");

  serially(`every engine says of every fixture of ${name} what is expected of it`, async (t) => {
    const engines = availableEngines.flatMap((id) => ["--engine", id]);
    const { code, out, err } = await run(["check", folder, "--output", "json", ...engines]);
    t.is(code, 0, out + err);
    const report = JSON.parse(out);
    t.is(report.policies.length, 1);
    const { cases } = report.policies[0];
    t.deepEqual(report.summary, { cases: cases.length, disagreements: 0, failures: 0 });
    for (const { name, verdicts } of cases) {
      t.deepEqual(Object.keys(verdicts).sort(), ["reference", ...availableEngines].sort(), name);
    }
  });

  serially(`the generated artifacts of ${name} are those of its policy`, async (t) => {
    const { code, out, err } = await run(["generate", policy, "-o", join(folder, "generated"), "--check"]);
    t.is(code, 0, `npm run examples writes them anew\n${out}${err}`);
  });

  serially(`the fixtures of ${name} cover more than one container`, async (t) => {
    const { fixtures } = await discover([folder]);
    const fields = fixtures
      .flatMap(({ set }) => set.cases)
      .filter(({ expect }) => expect.verdict === "deny")
      .map(({ review }) => JSON.stringify(review.request.object));
    for (const list of ["initContainers", "ephemeralContainers", '"volumes"', '"template"']) {
      t.true(
        fields.some((object) => object.includes(list)),
        `nothing with ${list} is refused`,
      );
    }
  });

  for (const file of readdirSync(join(folder, "hand-written")).filter((file) => file !== "fixtures.yaml")) {
    const engine = file.replace(/\.(yaml|rego)$/, "") as LocalEngineId;

    serially(`the policy for ${engine} that people copy has the holes that ${name} shows`, async (t) => {
      const content = readFileSync(join(folder, "hand-written", file), "utf8");
      const loaded = await openEngine(engine, host).load([{ name: file, content }]);
      const judge = async (cases: readonly FixtureCase[]) => {
        const verdicts = await loaded.judge(cases.map(({ review }) => review));
        t.deepEqual(
          verdicts.filter(({ verdict }) => verdict === "error"),
          [],
        );
        return cases.map(({ name }, index) => ({ name, isRefused: verdicts[index]?.verdict === "deny" }));
      };

      const holes = await casesOf(join(folder, "hand-written/fixtures.yaml"));
      t.true(holes.length > 0);
      t.true(holes.every(({ expect }) => expect.verdict === "deny"));
      t.deepEqual(
        (await judge(holes)).filter(({ isRefused }) => isRefused),
        [],
        "there is no such hole",
      );
      // It is a fair example: it does what its author tried it with.
      const cases = await casesOf(join(folder, "fixtures.yaml"));
      const tried = (verdict: string) => judge(cases.filter(({ expect }) => expect.verdict === verdict));
      t.true((await tried("allow")).some(({ isRefused }) => !isRefused));
      t.true((await tried("deny")).some(({ isRefused }) => isRefused));
      await loaded.unload();
    });
  }

  test(`${name} has a README that shows its policy and each policy written by hand`, (t) => {
    const readme = readFileSync(join(folder, "README.md"), "utf8");
    t.true(readme.includes(readFileSync(policy, "utf8")));
    const written = readdirSync(join(folder, "hand-written")).filter((file) => file !== "fixtures.yaml");
    t.true(written.length > 0);
    for (const file of written) {
      const text = readFileSync(join(folder, "hand-written", file), "utf8");
      t.true(text.startsWith("# An example of what not to do.\n"), file);
      t.true(readme.includes(text), file);
    }
    t.is(basename(folder), name);
    t.true(existsSync(join(folder, "generated")));
  });
}

async function casesOf(file: string): Promise<readonly FixtureCase[]> {
  const { fixtures } = await discover([file]);
  return fixtures.flatMap(({ set }) => set.cases);
}

/** Runs the command line as a user does. */
function run(words: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...words], { maxBuffer: 100_000_000 }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), out, err });
    });
  });
}
