import { isDeepStrictEqual } from "node:util";
import { completeObject } from "./complete-object.mjs";

/** Who sends what a fixture says nobody in particular sends: an API server knows no requests by nobody. */
export const nobody = "e2e:nobody";

/** Every object has a name of its own, whatever the fixtures call it: those that are stored stay apart, and what an
 * engine records of one is told from the rest. A CronJob's name may have 52 characters. */
const longestStem = 40;

/**
 * What to send the API server so that it makes the request of a fixture.
 *
 * @param {import("@registry-policy/language").Review} review
 * @param {number} index of the fixture: objects that are stored are told apart by it.
 * @returns {{apart: string} | {stored?: object, storedPath?: string, objectName: string, send: (stored?: object) => {method: string, path: string,
 *   body?: unknown}, user: {name: string, groups: readonly string[]}}} `apart`: why it cannot be sent; `stored`: the
 *   object that has to be there before, as the administrator creates it while the policy is away.
 */
export function requestsOf({ request }, index) {
  const { operation, subResource } = request;
  const user = { name: request.userInfo.username || nobody, groups: request.userInfo.groups ?? [] };
  if (/[^\x20-\x7e]/.test([user.name, ...user.groups].join(""))) {
    return { apart: "the name of the user or of a group cannot be said in a header" };
  }
  const collection = collectionPath(request);
  const stem = String(request.name ?? "fixture").slice(0, longestStem);
  const name = `${stem}-${index}`;
  const path = `${collection}/${encodeURIComponent(name)}`;
  if (operation === "CREATE") {
    const body = renamed(completeObject(request.object, name), name);
    const target = subResource === undefined ? collection : `${path}/${subResource}`;
    return { user, objectName: name, send: () => ({ method: "POST", path: `${target}?dryRun=All`, body }) };
  }
  if (operation === "DELETE") {
    const stored = renamed(completeObject(request.oldObject, name), name);
    return {
      user,
      objectName: name,
      stored,
      storedPath: collection,
      send: () => ({ method: "DELETE", path: `${path}?dryRun=All` }),
    };
  }
  if (operation === "UPDATE") {
    const changed = completeObject(request.object, name);
    const isUnchanged = isDeepStrictEqual(request.object, request.oldObject);
    const before = completeObject(request.oldObject, name);
    const stored = renamed(
      isUnchanged && subResource === "ephemeralcontainers" ? withoutDebugging(before) : before,
      name,
    );
    const target = subResource === undefined ? path : `${path}/${subResource}`;
    return {
      user,
      objectName: name,
      stored,
      storedPath: collection,
      send: (there) => ({ method: "PUT", path: `${target}?dryRun=All`, body: updated(renamed(changed, name), there) }),
    };
  }
  return { apart: `no ${operation} is sent: there are no nodes to connect to` };
}

function collectionPath({ resource: { group, version, resource }, namespace }) {
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  return `${root}/namespaces/${encodeURIComponent(namespace)}/${resource}`;
}

function renamed(object, name) {
  return isObject(object) && isObject(object.metadata) ? { ...object, metadata: { ...object.metadata, name } } : object;
}

/** A Pod is created without ephemeral containers, always; they are added by an update of their own. */
export function withoutDebugging(object) {
  if (!isObject(object?.spec)) return object;
  const { ephemeralContainers: _, ...spec } = object.spec;
  return { ...object, spec };
}

/** An update of what is there: of its version, and of a Job with the selector that the API server made for it. */
function updated(object, there) {
  if (!isObject(object) || !isObject(there)) return object;
  const { resourceVersion, uid } = there.metadata;
  const body = { ...object, metadata: { ...object.metadata, resourceVersion, uid } };
  if (object.kind !== "Job" || !isObject(object.spec?.template)) return body;
  const { template } = object.spec;
  const labels = { ...template.metadata?.labels, ...there.spec.template.metadata?.labels };
  return {
    ...body,
    spec: {
      ...object.spec,
      selector: object.spec.selector ?? there.spec.selector,
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
