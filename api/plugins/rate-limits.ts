/**
 * How often somebody may ask: an agency by its id, the public by its address and far less often. The
 * guessing of digests has a limit of its own, in verification.
 */
import rateLimit, { type RateLimitPluginOptions } from '@fastify/rate-limit';
import type { FastifyInstance } from 'fastify';
import { principalOf } from '../auth/authentication.js';
import { AddressLimit } from '../http/address-limit.js';
import { neighbourhood } from '../http/neighbourhood.js';
import { Problem } from '../http/problem.js';

const WINDOW_MILLISECONDS = 60_000;
export const AGENCY_REQUESTS = 6000;
export const PUBLIC_REQUESTS = 600;
export const FAILED_AUTHENTICATIONS = 100;
const REMEMBERED = 10_000;

const COMMON: RateLimitPluginOptions = {
  timeWindow: WINDOW_MILLISECONDS,
  cache: REMEMBERED,
  enableDraftSpec: true,
  errorResponseBuilder: (_request, { ttl }) => new Problem('request.rate', { retryAfter: Math.max(1, Math.ceil(ttl / 1000)) }),
};

/** For a scope where `authentication` runs: the count is taken once it is known who asks. */
export async function limitAgencies(scope: FastifyInstance, on: boolean): Promise<void> {
  if (!on) return;
  await scope.register(rateLimit, {
    ...COMMON,
    hook: 'preParsing',
    max: AGENCY_REQUESTS,
    keyGenerator: (request) => principalOf(request).agencyId,
  });
}

/** Whoever is nobody yet is counted by address; undefined when nothing is limited. */
export function limitFailures(clock: () => number, on: boolean): AddressLimit | undefined {
  return on ? new AddressLimit(clock, { most: FAILED_AUTHENTICATIONS, windowMilliseconds: WINDOW_MILLISECONDS }) : undefined;
}

export async function limitPublic(scope: FastifyInstance, on: boolean): Promise<void> {
  if (!on) return;
  await scope.register(rateLimit, {
    ...COMMON,
    hook: 'onRequest',
    max: PUBLIC_REQUESTS,
    keyGenerator: (request) => neighbourhood(request.ip),
  });
}
