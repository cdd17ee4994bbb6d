/**
 * The demonstration speaks HTTP to the service it runs in, but through no socket: the same requests go the
 * same way through the same routes, whatever address, certificate or client authority the server has.
 */
import type { FastifyInstance } from 'fastify';
import type { Send } from './client.js';

type Method = 'GET' | 'POST';

function textHeaders(headers: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(headers).map(([name, value]) => [name, String(value)]);
}

export function inProcess(app: FastifyInstance): Send {
  return async (url, init) => {
    const request = new Request(url, init);
    const { pathname, search } = new URL(url);
    const answer = await app.inject({
      method: request.method as Method,
      url: pathname + search,
      headers: Object.fromEntries(request.headers),
      ...(request.body !== null && { payload: Buffer.from(await request.arrayBuffer()) }),
    });
    const headers = new Headers(textHeaders(answer.headers));
    return new Response(new Uint8Array(answer.rawPayload), { status: answer.statusCode, headers });
  };
}
