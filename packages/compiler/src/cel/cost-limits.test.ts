import { type Policy, parsePolicies } from "@registry-policy/language";
import test from "ava";
import { affordableCel } from "./cost-limits.js";

const limits = {
  engine: "the engine",
  perExpression: 1_000_000,
  total: 1_000_000,
  imageLength: 256,
  unlimited: "gatekeeper",
};

function policyOf(images: object): Policy {
  const text = `apiVersion: registry-policy.dev/v1\nkind: RegistryPolicy\nmetadata: {name: p}\nspec: ${JSON.stringify({ images })}\n`;
  const [policy] = parsePolicies({ text, file: "p.yaml" }).policies;
  if (policy === undefined) throw new Error("no policy");
  return policy;
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test("1,000 patterns without a wildcard before their end cost what one does", (t) => {
  const { diagnostics } = affordableCel(
    policyOf({ allow: numbers(1000).map((n) => `registry-${n}.my.com/a/**`) }),
    limits,
  );
  t.deepEqual(diagnostics, []);
});

test("expressions that are too costly together are refused with the number", (t) => {
  const { diagnostics } = affordableCel(
    policyOf({ allow: numbers(80).map((n) => `registry-${n}.my.com/a${n}*/**`) }),
    limits,
  );
  t.is(diagnostics.length, 1);
  t.is(diagnostics[0]?.severity, "error");
  t.regex(diagnostics[0]?.message ?? "", /^the policy would cost up to [0-9]{7} .* the engine stops at 1000000$/);
});

test("one expression that is too costly is refused by its name", (t) => {
  const policy = policyOf({ allow: [`a.b/${"x*/".repeat(150)}**`] });
  const { diagnostics } = affordableCel(policy, {
    engine: "the engine",
    perExpression: 500_000,
    imageLength: 512,
    unlimited: "gatekeeper",
  });
  t.regex(
    diagnostics[0]?.message ?? "",
    /^`variables\.refused` would cost up to [0-9]+ for a pod with 50 images of 512/,
  );
});

test("reasons that are too costly are left out with a warning", (t) => {
  const deny = numbers(20).map((n) => ({
    pattern: `registry-${n}.example.com/team/a/b/c/d/e/f/g/h/i/j/k/l/m/n/sandbox/**`,
    reason: "Never.",
  }));
  const { cel, diagnostics } = affordableCel(policyOf({ deny }), limits);
  t.deepEqual(
    diagnostics.map(({ severity }) => severity),
    ["warning"],
  );
  t.false(cel.validation.messageExpression.includes("Never."));
});

test("no expression is longer than cel-go reads, however long the list", (t) => {
  const policy = policyOf({ allow: numbers(10_000).map((n) => `registry-${n}.example.com/team/**`) });
  const { cel, diagnostics } = affordableCel(policy, limits);
  t.deepEqual(diagnostics, []);
  for (const { name, expression } of cel.variables) t.true(expression.length < 100_000, name);
});
