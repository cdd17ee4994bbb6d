/** Every route that an application answers, as it tells itself. */
import type { FastifyInstance } from 'fastify';

const LINE = /^((?:[│ ] {3})*)[├└]── (\S+)(?: \((.+)\))?$/;

/** `GET /v1/cases/:caseId` and its like, from Fastify's own tree of routes. HEAD goes with GET. */
export function routesOf(app: FastifyInstance): string[] {
  const parents: string[] = [];
  return app
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const match = LINE.exec(line);
      if (!match) return [];
      const [, indent = '', part = '', methods = ''] = match;
      const depth = indent.length / 4;
      const url = `${depth > 0 ? parents[depth - 1] : ''}${part}`;
      parents[depth] = url;
      const named = methods.split(', ').filter((method) => method !== '' && method !== 'HEAD');
      return named.map((method) => `${method} ${url}`);
    });
}
