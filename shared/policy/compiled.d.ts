/** The policy of this build: `infra/bundle.ts` validates it, compiles it and puts it in place of this module. */
declare module "policy:compiled" {
  const policy: import("./schema.ts").Policy;
  export default policy;
}

/** `sha256:<hex>` of the compiled policy. */
declare module "policy:hash" {
  const hash: string;
  export default hash;
}
