import test from "ava";
import { UsageError } from "./usage-error.js";
import { webhookOption } from "./webhook-option.js";

test("the address of a webhook is taken out of the list of engines", (t) => {
  t.deepEqual(webhookOption(["opa", "webhook=https://localhost:8443/validate"]), {
    names: ["opa", "webhook"],
    webhookUrl: "https://localhost:8443/validate",
  });
  t.deepEqual(webhookOption(["webhook"]), { names: ["webhook"] });
  t.deepEqual(webhookOption(undefined), { names: undefined });
});

test("what is no address of a web server, and a second one, are refused", (t) => {
  for (const list of [
    ["webhook="],
    ["webhook=ftp://x"],
    ["webhook=localhost"],
    ["webhook=http://a", "webhook=http://b"],
  ]) {
    t.throws(() => webhookOption(list), { instanceOf: UsageError });
  }
});
