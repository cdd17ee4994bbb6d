/**
 * No handler keeps a caller waiting for ever, and no caller a handler. Open requests are looked over once a
 * second, all together: a timer of its own would cost each of them more than a look-up does.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Problem } from '../http/problem.js';
import { sendProblem } from './problems.js';

const LOOK_MILLISECONDS = 1000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** a body of any length, or one that the request's headers tell to be so, which may take any time as long as bytes keep coming */
    streamed?: boolean | ((request: FastifyRequest) => boolean);
  }
}

export interface HandlerDeadlineOptions {
  /** for the handler, once the body is there */
  readonly seconds: number;
  /** for the body; Node's own limit would hold for streams too */
  readonly arrivalSeconds: number;
}

interface Open {
  /** how many looks it has been through, while its body arrived and since */
  arriving: number;
  handled: number;
}

function isStreamed(request: FastifyRequest): boolean {
  const { streamed = false } = request.routeOptions.config;
  return typeof streamed === 'function' ? streamed(request) : streamed;
}

export const handlerDeadline = fastifyPlugin<HandlerDeadlineOptions>(
  async (app, { seconds, arrivalSeconds }) => {
    const open = new Map<FastifyReply, Open>();
    const end = (reply: FastifyReply, code: 'ledger.unavailable' | 'request.timeout') => {
      open.delete(reply);
      sendProblem(reply.request, reply, new Problem(code));
    };
    const lookAt = (reply: FastifyReply, looks: Open) => {
      const { raw } = reply.request;
      // A caller who went away is answered by nobody, and leaves no answer that could end.
      if (reply.sent || reply.raw.destroyed) open.delete(reply);
      else if (raw.complete !== false) {
        looks.handled += 1;
        if (looks.handled > seconds) end(reply, 'ledger.unavailable');
      } else if (!isStreamed(reply.request)) {
        looks.arriving += 1;
        if (looks.arriving <= arrivalSeconds) return;
        reply.header('connection', 'close');
        end(reply, 'request.timeout');
      }
    };
    const look = () => {
      for (const [reply, looks] of open) lookAt(reply, looks);
    };
    const timer = setInterval(look, LOOK_MILLISECONDS).unref();
    app.addHook('onRequest', (_request: FastifyRequest, reply, done) => {
      open.set(reply, { arriving: 0, handled: 0 });
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
