/**
 * No handler keeps a caller waiting for ever. Requests are looked over once a second, all together: a timer
 * of its own would cost each of them more than a look-up does.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Problem } from '../http/problem.js';
import { sendProblem } from './problems.js';

const LOOK_MILLISECONDS = 1000;

interface Open {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** looks that it has been through */
  looks: number;
}

function isOver({ reply }: Open): boolean {
  return reply.sent || reply.raw.destroyed;
}

export interface HandlerDeadlineOptions {
  readonly seconds: number;
}

export const handlerDeadline = fastifyPlugin<HandlerDeadlineOptions>(
  async (app, { seconds }) => {
    let open: Open[] = [];
    const look = () => {
      open = open.filter((entry) => {
        if (isOver(entry)) return false;
        // A body that is still arriving is under the server's own limit for a request's arrival.
        if (!entry.request.raw.complete) return true;
        entry.looks += 1;
        if (entry.looks <= seconds) return true;
        sendProblem(entry.request, entry.reply, new Problem('ledger.unavailable'));
        return false;
      });
    };
    const timer = setInterval(look, LOOK_MILLISECONDS).unref();
    app.addHook('onRequest', (request, reply, done) => {
      open.push({ request, reply, looks: 0 });
      done();
    });
    app.addHook('onClose', async () => clearInterval(timer));
  },
  { name: 'handler-deadline' },
);
