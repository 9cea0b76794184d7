/**
 * The modules that two `go.mod` files require at different versions, or replace differently, one description each.
 *
 * @param {string} ours
 * @param {string} theirs what `ours` must agree with; modules that only one of the two has are left out.
 * @returns {string[]}
 */
export function differentVersions(ours, theirs) {
  const [own, other] = [modulesOf(ours), modulesOf(theirs)];
  return [...other].flatMap(([module, version]) => {
    const found = own.get(module);
    return found === undefined || found === version ? [] : [`${module} ${found} where the host has ${version}`];
  });
}

function modulesOf(goMod) {
  const modules = new Map();
  for (const line of goMod.split("\n")) {
    const required = /^(?:require )?\s*([\w.~/-]+\.[\w.~/-]+) (v\S+)/.exec(line);
    if (required !== null) modules.set(required[1], required[2]);
  }
  // A replacement is what is built, whatever is required.
  for (const [, module, replacement] of goMod.matchAll(/^(?:replace |\t)(\S+) => (.+)$/gm)) {
    modules.set(module, `=> ${replacement}`);
  }
  return modules;
}
