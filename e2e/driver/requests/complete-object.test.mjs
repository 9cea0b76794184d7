import test from "ava";
import { completeObject } from "./complete-object.mjs";

const containers = [{ name: "c", image: "nginx" }];

test("a Deployment gets a selector and the labels that it selects", (t) => {
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "d" } };
  const completed = completeObject({ ...deployment, spec: { template: { spec: { containers } } } }, "x");
  t.deepEqual(completed, {
    ...deployment,
    spec: {
      selector: { matchLabels: { e2e: "fixture" } },
      template: { metadata: { labels: { e2e: "fixture" } }, spec: { containers } },
    },
  });
});

test("labels that are written are those that are selected", (t) => {
  const template = { metadata: { labels: { app: "a" } }, spec: { containers } };
  const { spec } = completeObject({ apiVersion: "v1", kind: "ReplicationController", spec: { template } }, "x");
  t.deepEqual(spec, { selector: { app: "a" }, template });
});

test("a selector that is written is what the labels become", (t) => {
  const selector = { matchLabels: { app: "a" } };
  const spec = { selector, template: { spec: { containers } } };
  const completed = completeObject({ apiVersion: "apps/v1", kind: "DaemonSet", spec }, "x");
  t.deepEqual(completed.spec.selector, selector);
  t.deepEqual(completed.spec.template.metadata.labels, { app: "a" });
});

test("a CronJob gets a schedule, and its Pods end", (t) => {
  const spec = { jobTemplate: { spec: { template: { spec: { containers } } } } };
  const completed = completeObject({ apiVersion: "batch/v1", kind: "CronJob", spec }, "x");
  t.is(completed.metadata.name, "x");
  t.is(typeof completed.spec.schedule, "string");
  t.deepEqual(completed.spec.jobTemplate.spec.template.spec, { restartPolicy: "Never", containers });
});

test("what is written stays as it is", (t) => {
  const podSpec = { restartPolicy: "OnFailure", containers };
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "j" }, spec: { template: { spec: podSpec } } };
  t.deepEqual(completeObject(job, "x"), job);
});

test("a kind of another group, and what is no object, are left alone", (t) => {
  const foreign = { apiVersion: "example.com/v1", kind: "Deployment", metadata: { name: "d" }, spec: { template: {} } };
  t.deepEqual(completeObject(foreign, "x"), foreign);
  for (const value of [undefined, null, 1, "text", []]) t.deepEqual(completeObject(value, "x"), value);
});
