/**
 * No handler keeps a caller waiting for ever. Open requests are looked over once a second, all together: a
 * timer of its own would cost each of them more than a look-up does.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Problem } from '../http/problem.js';
import { sendProblem } from './problems.js';

const LOOK_MILLISECONDS = 1000;

export interface HandlerDeadlineOptions {
  readonly seconds: number;
}

export const handlerDeadline = fastifyPlugin<HandlerDeadlineOptions>(
  async (app, { seconds }) => {
    /** open requests, and how many looks each has been through */
    const open = new Map<FastifyReply, number>();
    const look = () => {
      for (const [reply, looks] of open) {
        const { request } = reply;
        // A caller who went away is answered by nobody, and leaves no answer that could end.
        if (reply.sent || reply.raw.destroyed) open.delete(reply);
        // A body that is still arriving is under the server's own limit for a request's arrival.
        else if (request.raw.complete === false) continue;
        else if (looks < seconds) open.set(reply, looks + 1);
        else {
          open.delete(reply);
          sendProblem(request, reply, new Problem('ledger.unavailable'));
        }
      }
    };
    const timer = setInterval(look, LOOK_MILLISECONDS).unref();
    app.addHook('onRequest', (_request: FastifyRequest, reply, done) => {
      open.set(reply, 0);
      done();
    });
    app.addHook('onSend', (_request, reply, payload, done) => {
      open.delete(reply);
      done(null, payload);
    });
    app.addHook('onClose', async () => clearInterval(timer));
  },
  { name: 'handler-deadline' },
);
