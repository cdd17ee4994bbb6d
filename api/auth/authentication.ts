/** Every route of the scope it is registered in asks who calls; `request.principal` is the answer. */
import { timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { AddressLimit } from '../http/address-limit.js';
import { certificateCredential, presentedCertificate } from './client-certificate.js';
import { admit, type FindAgency, type Principal } from './principal.js';
import type { TokenCredential, VerifyToken } from './token-verifier.js';
import { Unauthenticated } from './unauthenticated.js';

declare module 'fastify' {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

export interface AuthenticationOptions {
  readonly verifyToken: VerifyToken;
  readonly findAgency: FindAgency;
  readonly operatorKey: Buffer;
  /** how often one may fail; without it there is no limit */
  readonly failures?: AddressLimit | undefined;
}

const TOKEN_LIMIT = 4096;
const BEARER = /^Bearer +([A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+)$/i;

/** Node keeps the first of several `Authorization` headers; a proxy may have judged the second. */
function authorizationHeaders(rawHeaders: readonly string[]): string[] {
  return rawHeaders.filter((_value, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization');
}

function bearerToken(request: FastifyRequest): string | undefined {
  const [header, ...others] = authorizationHeaders(request.raw.rawHeaders);
  if (header === undefined) return undefined;
  const token = header.length <= TOKEN_LIMIT ? BEARER.exec(header)?.[1] : undefined;
  if (others.length > 0 || token === undefined) throw new Unauthenticated('auth.invalid', 'not one bearer token');
  return token;
}

/** A token bound to a client certificate is worth nothing over another connection (RFC 8705). */
function checkBinding(credential: TokenCredential, thumbprint: string | undefined): void {
  if (credential.certificateThumbprint === undefined) return;
  const bound = Buffer.from(credential.certificateThumbprint);
  const shown = Buffer.from(thumbprint ?? '');
  if (thumbprint === undefined || bound.length !== shown.length || !timingSafeEqual(bound, shown))
    throw new Unauthenticated('auth.invalid', 'token is bound to another certificate');
}

/** @throws Unauthenticated */
export async function authenticate(options: AuthenticationOptions, request: FastifyRequest): Promise<Principal> {
  const token = bearerToken(request);
  const shown = presentedCertificate(request.raw.socket);
  if (token !== undefined) {
    const credential = await options.verifyToken(token);
    checkBinding(credential, shown?.thumbprint);
    return admit(credential, options.findAgency, options.operatorKey);
  }
  if (!shown) throw new Unauthenticated('auth.missing', 'neither token nor client certificate');
  return admit(await certificateCredential(shown, options.findAgency), options.findAgency, options.operatorKey);
}

/** The caller of an authenticated route. */
export function principalOf(request: FastifyRequest): Principal {
  if (!request.principal) throw new Error(`${request.routeOptions.url} is served outside the authenticated scope`);
  return request.principal;
}

export const authentication = fastifyPlugin<AuthenticationOptions>(
  async (app, options) => {
    app.decorateRequest('principal', null);
    app.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
      try {
        request.principal = await authenticate(options, request);
      } catch (error) {
        if (!(error instanceof Unauthenticated)) throw error;
        // Only failures are refused: behind one proxy or one gateway, a forger must not shut out everybody else.
        options.failures?.count(request.ip, 1);
        reply.header('www-authenticate', 'Bearer');
        throw error;
      }
    });
  },
  { name: 'authentication' },
);
