// What the tests use of oidc-provider, which brings no types of its own.
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http';

  class Provider {
    constructor(issuer: string, configuration: object);
    /** Answers its requests. */
    callback(): RequestListener;
  }
  export = Provider;
}
