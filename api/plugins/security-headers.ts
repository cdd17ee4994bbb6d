/** What browsers may do with our answers: data is shown nowhere, framed nowhere and kept nowhere. */
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';

/** Fixed for all answers that are data; the page of the documentation has helmet's, which fit a page. */
const HEADERS = {
  'content-security-policy': "default-src 'none';frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const;

/** Six months, as helmet's own default: only for a server that speaks TLS, elsewhere it would be ignored. */
const TRANSPORT = { 'strict-transport-security': 'max-age=15552000; includeSubDomains' } as const;

export const securityHeaders = fastifyPlugin<{ readonly tls: boolean }>(
  async (app, { tls }) => {
    const headers = { ...HEADERS, ...(tls && TRANSPORT) };
    app.addHook('onRequest', (_request, reply, done) => {
      reply.headers(headers);
      done();
    });
  },
  { name: 'security-headers' },
);

/** What one agency may see is for no cache to keep. */
export function keepNowhere(scope: FastifyInstance): void {
  scope.addHook('onRequest', (_request, reply, done) => {
    reply.header('cache-control', 'no-store');
    done();
  });
}
