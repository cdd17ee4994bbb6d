/**
 * No handler keeps a caller waiting for ever, and no caller a handler. Open requests are looked over once a
 * second, all together: a timer of its own would cost each of them more than a look-up does.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { Problem } from '../http/problem.js';
import { sendProblem } from './problems.js';

const LOOK_MILLISECONDS = 1000;

/**
 * A body of any length. `any` may take any time as long as bytes keep coming; `steady` comes from anybody, and has to bring so
 * much that a file arrives within hours and a drip does not hold a connection.
 */
export type Streamed = 'any' | 'steady';
const STEADY_BYTES_PER_SECOND = 1024;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** how a body is streamed; its headers may tell */
    streamed?: Streamed | ((request: FastifyRequest) => Streamed | undefined);
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
  /** bytes that the connection had brought when it came */
  readonly before: number;
}

function streamedOf(request: FastifyRequest): Streamed | undefined {
  const { streamed } = request.routeOptions.config;
  return typeof streamed === 'function' ? streamed(request) : streamed;
}

function bytesRead({ raw }: FastifyRequest): number {
  return raw.socket.bytesRead ?? 0;
}

/** Whether a body that has come for so many looks may go on coming. */
function mayGoOn(request: FastifyRequest, { arriving, before }: Open): boolean {
  const streamed = streamedOf(request);
  if (streamed !== 'steady') return streamed === 'any';
  return bytesRead(request) - before >= arriving * STEADY_BYTES_PER_SECOND;
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
      } else {
        looks.arriving += 1;
        if (looks.arriving <= arrivalSeconds || mayGoOn(reply.request, looks)) return;
        reply.header('connection', 'close');
        end(reply, 'request.timeout');
      }
    };
    const look = () => {
      for (const [reply, looks] of open) lookAt(reply, looks);
    };
    const timer = setInterval(look, LOOK_MILLISECONDS).unref();
    app.addHook('onRequest', (request: FastifyRequest, reply, done) => {
      open.set(reply, { arriving: 0, handled: 0, before: bytesRead(request) });
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
