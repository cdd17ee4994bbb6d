/** Bodies are JSON in UTF-8 and nothing else: read from their raw bytes by the strict parser. */
import type { FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Problem } from '../http/problem.js';
import { JSON_DEPTH, parseStrictJson } from '../http/strict-json.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** JSON pointers of the body's strings that may break lines; none unless said */
    multiline?: readonly string[];
  }
}

/** Exactly this, so that no second reading of the header can pick another parser. */
export const JSON_ONLY = /^application\/json(?:; ?charset=utf-8)?$/i;

/** A compressed body would have to be unpacked before its size is known. @throws Problem `request.media-type` */
export function checkEncoding({ headers }: FastifyRequest): void {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') throw new Problem('request.media-type');
}

function checkHeaders(request: FastifyRequest): void {
  checkEncoding(request);
  if (!JSON_ONLY.test(request.headers['content-type'] ?? '')) throw new Problem('request.media-type');
}

export const jsonBody = fastifyPlugin(
  async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser<Buffer>(
      'application/json',
      { parseAs: 'buffer' },
      async (request: FastifyRequest, bytes: Buffer) => {
        checkHeaders(request);
        return bytes.length === 0 ? undefined : parseStrictJson(bytes, JSON_DEPTH, request.routeOptions.config.multiline);
      },
    );
  },
  { name: 'json-body' },
);
