/** What is judged: the parts of an `admission.k8s.io/v1` AdmissionRequest that a policy can depend on. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly operation: string;
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly resource: { readonly group: string; readonly version: string; readonly resource: string };
  readonly subResource?: string;
  readonly name?: string;
  readonly namespace: string;
  readonly userInfo: { readonly username?: string; readonly groups?: readonly string[] };
  /** Any JSON value: it comes from outside. Absent on DELETE. */
  readonly object?: unknown;
  readonly oldObject?: unknown;
}

/** A request together with what is known about the namespace it is for. */
export interface Review {
  readonly request: AdmissionRequest;
  /** Labels of the request's namespace, without `kubernetes.io/metadata.name`; `null`: not known. */
  readonly namespaceLabels: Readonly<Record<string, string>> | null;
}
