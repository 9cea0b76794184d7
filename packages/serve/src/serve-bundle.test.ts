import { PolicyRefused, webhookEngine } from "@registry-policy/engines";
import { evaluate, type Review } from "@registry-policy/language";
import test from "ava";
import { bundleOf, podReview, policyOf } from "./policies.test.data.js";
import { serveBundle } from "./serve-bundle.js";

const images = ["registry.my.com/a:1", "nginx", "", null, "A B", "registry.my.com.evil.io/a:1", "registry.my.com/a"];

for (const enforcement of ["deny", "warn", "audit"]) {
  test(`as an engine, a webhook says what the reference evaluator says: ${enforcement}`, async (t) => {
    const spec = `enforcement: ${enforcement}, images: {allow: [registry.my.com], require: {tag: explicit}}, exempt: {users: [admin]}`;
    const reviews = images.flatMap((image) =>
      ["admin", "alice"].map(
        (username): Review => ({
          request: { ...podReview([image]).request, userInfo: { username } },
          namespaceLabels: {},
        }),
      ),
    );
    const loaded = await webhookEngine(serveBundle, "1").load([{ name: "p/bundle.tar.gz", content: bundleOf(spec) }]);
    t.teardown(() => loaded.unload());
    const verdicts = await loaded.judge(reviews);
    const expected = reviews.map((review) => {
      const { verdict } = evaluate(policyOf(spec), review);
      return verdict === "out-of-scope" ? "allow" : verdict;
    });
    t.deepEqual(
      verdicts.map(({ verdict }) => verdict),
      expected,
    );
    t.true(new Set(expected).size > 1);
  });
}

test("files without a bundle are refused", async (t) => {
  await t.throwsAsync(webhookEngine(serveBundle, "1").load([]), { instanceOf: PolicyRefused });
});
