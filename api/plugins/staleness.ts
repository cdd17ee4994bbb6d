/** Every answer says so while it may miss what other provinces wrote: `Stale-As-Of`, the time until which it is whole. */
import fastifyPlugin from 'fastify-plugin';
import type { Freshness } from '../freshness.js';

export const STALE_HEADER = 'stale-as-of';

export const staleness = fastifyPlugin<{ readonly freshness: Pick<Freshness, 'staleAsOf'> }>(
  async (app, { freshness }) => {
    app.addHook('onRequest', (_request, reply, done) => {
      const { staleAsOf } = freshness;
      if (staleAsOf !== undefined) reply.header(STALE_HEADER, staleAsOf);
      done();
    });
  },
  { name: 'staleness' },
);
