import test from "ava";
import { isOwnRefusal, outcomeOf } from "./outcome-of.mjs";

const answer = (message, status = 400) => ({ status, body: { message }, warnings: [] });
const warned = (...warnings) => ({ status: 201, body: {}, warnings });

test("a webhook that refuses by the policy's name is that policy's refusal", (t) => {
  const kyverno =
    'admission webhook "validate.kyverno.svc-fail" denied the request: \n\nresource Pod/default/p was blocked due to the following policies\n\nbank:\n  images: refused';
  t.like(outcomeOf(answer(kyverno), "bank"), { outcome: "refused", by: "validate.kyverno.svc-fail" });
  const gatekeeper = 'admission webhook "validation.gatekeeper.sh" denied the request: [bank] container image';
  t.like(outcomeOf(answer(gatekeeper, 403), "bank"), { outcome: "refused", by: "validation.gatekeeper.sh" });
  const vap =
    "pods \"p\" is forbidden: ValidatingAdmissionPolicy 'bank' with binding 'bank' denied request: images refused";
  t.like(outcomeOf(answer(vap, 422), "bank"), { outcome: "refused", by: "ValidatingAdmissionPolicy bank" });
  const images =
    'pods "p" is forbidden: image policy webhook backend denied one or more images: container image "nginx" in spec.containers[0].image is not in the allow list of policy bank: it is pulled as docker.io/library/nginx';
  t.like(outcomeOf(answer(images, 403), "bank"), { outcome: "refused", by: "ImagePolicyWebhook" });
});

test("another policy's refusal is an error, even of a longer name", (t) => {
  for (const name of ["bank-two", "my-bank", "bank.two"]) {
    const refusal = `admission webhook "validation.gatekeeper.sh" denied the request: [${name}] container image`;
    t.is(outcomeOf(answer(refusal), "bank").outcome, "error");
  }
});

test("a webhook that cannot be asked is an error", (t) => {
  const message = 'Internal error occurred: failed calling webhook "validate.kyverno.svc-fail": timeout (bank)';
  t.is(outcomeOf(answer(message, 500), "bank").outcome, "error");
  t.false(isOwnRefusal(answer(message, 500)));
});

test("an API server's own refusal is told from an admission's", (t) => {
  t.true(isOwnRefusal(answer('Pod "p" is invalid: spec.containers[0].image: Required value', 422)));
  t.false(isOwnRefusal(answer('admission webhook "x.example" denied the request: no')));
});

test("each engine's warning of a violation is one", (t) => {
  const warnings = [
    "policy bank.images: refused by the registry policy bank",
    "Policy bank failed: images refused",
    "[bank] container image",
    "Validation failed for ValidatingAdmissionPolicy 'bank' with binding 'bank': images refused",
    'container image "of policy \\" x" in spec.containers[0].image is denied by the pattern nginx of policy bank',
    "no image can be read in spec.containers for policy bank to judge",
  ];
  for (const warning of warnings) t.is(outcomeOf(warned("unrelated", warning), "bank").outcome, "warned");
});

test("a warning of something else is none of a violation", (t) => {
  const warnings = [
    "policy bank.images: validation rule 'images' passed.",
    "policy bank-two.images: refused",
    "[bank-two] container image",
    'container image "policy bank" in spec.containers[0].image is denied by the pattern nginx of policy bank-two',
    "spec.template.spec.containers[0].ports: duplicate port bank",
  ];
  t.is(outcomeOf(warned(...warnings), "bank").outcome, "admitted");
});
