/**
 * Where the objects of an API server are, by the server's own discovery.
 *
 * @param {{send: Function}} api
 */
export function resourcePaths(api) {
  const known = new Map();
  return {
    /**
     * The path of an object.
     *
     * @param {{apiVersion: string, kind: string, namespace?: string, name: string}} object
     * @returns {Promise<string | undefined>} `undefined` while the API server has no such kind.
     */
    async pathOf({ apiVersion, kind, namespace, name }) {
      const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
      const key = `${group} ${kind}`;
      if (!known.has(key)) {
        const { status, body } = await api.send("GET", group);
        const found =
          status === 200 && body.resources.find((entry) => entry.kind === kind && !entry.name.includes("/"));
        if (!found) return undefined;
        known.set(key, found);
      }
      const { name: resource, namespaced } = known.get(key);
      const inNamespace = namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : "";
      return `${group}${inNamespace}/${resource}/${encodeURIComponent(name)}`;
    },
  };
}
