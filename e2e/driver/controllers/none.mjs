/** What the API server enforces by itself needs no controller. */
export const none = { title: "kube-apiserver", binaries: [], start: async () => {} };
