import { createRequire as requireFrom } from "node:module";import { pathToFileURL as urlOfPath } from "node:url";const require = requireFrom(import.meta.url);const urlInPackage = (name, file) => new URL(file, urlOfPath(require.resolve(name))).href;
import{UsageError}from"./chunk-VNHZSA4J.js";import{InputError}from"./chunk-6YCYF4S3.js";import"./chunk-K6QDHRBJ.js";import"./chunk-V6LJOUYM.js";import{mkdir,rm,stat,writeFile}from"node:fs/promises";import{join}from"node:path";var firstFiles={"policy.yaml":`# Which container images may run in this cluster.
# What can be written here: registry-policy schema
apiVersion: registry-policy.dev/v1
kind: RegistryPolicy
metadata:
  name: trusted-registries
spec:
  title: Trusted registries
  description: Run only what comes from registries that we trust.
  severity: high
  enforcement: deny # deny, warn or audit
  match:
    excludeNamespaces: [kube-system]
  images:
    allow:
      - registry.example.com
      - pattern: docker.io/library/{nginx,redis}
        reason: Official images that we have looked at.
    deny:
      - pattern: registry.example.com/sandbox/**
        reason: Sandbox images are never scanned.
    denyTags: [latest]
`,"fixtures.yaml":`# What the policy must say of requests: registry-policy check
apiVersion: registry-policy.dev/v1
kind: Fixtures
cases:
  - name: our own registry is trusted
    image: registry.example.com/team/app:1.0
    expect: allow

  - name: a registry whose name only begins like ours is not
    image: registry.example.com.evil.example/team/app:1.0
    expect: { verdict: deny, images: [{ reason: unlisted }] }

  - name: an official image is trusted under each of its names
    image: nginx:1.27
    expect: allow

  - name: the tag that nobody wrote is latest
    image: nginx
    expect: { verdict: deny, images: [{ image: nginx, reason: tag-denied }] }

  - name: an init container counts
    object:
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: web, namespace: shop }
      spec:
        selector: { matchLabels: { app: web } }
        template:
          metadata: { labels: { app: web } }
          spec:
            initContainers:
              - { name: migrate, image: "registry.example.com/sandbox/migrate:3" }
            containers:
              - { name: web, image: "registry.example.com/web:3" }
    expect:
      verdict: deny
      images:
        - { field: "spec.template.spec.initContainers[0].image", reason: denied }

  - name: kube-system is left alone
    namespace: { name: kube-system }
    image: docker.io/someone/something
    expect: out-of-scope
`,"README.md":"# Registry policy\n\n`policy.yaml` says which images may run, `fixtures.yaml` what the policy must say of requests.\n\n- `registry-policy check .` judges every fixture on every policy engine, and shows where one says something else.\n- `registry-policy explain policy.yaml IMAGE` says what the policy makes of an image, and why.\n- `registry-policy generate policy.yaml -o generated` writes what Kyverno, Gatekeeper and OPA read.\n- `registry-policy generate policy.yaml -o generated --check`, in CI, fails when what is committed is stale.\n"};async function writeFirstFiles(directory){let files=Object.entries(firstFiles).map(([name,text])=>({path:join(directory,name),text}));for(let{path}of files)if(await stat(path).then(()=>!0,()=>!1))throw new UsageError(`there is a \`${path}\` already`,"name another directory, or move the file away");let written=[];try{await mkdir(directory,{recursive:!0});for(let{path,text}of files)await writeFile(path,text,{flag:"wx"}),written.push(path)}catch(error){for(let path of written)await rm(path,{force:!0});throw new InputError(`\`${directory}\` cannot be written to: ${error.message}`,"name another directory: nothing was written")}return written}export{writeFirstFiles};
