/** Overload is refused while there is still time to say so, instead of answering everybody too late. */
import underPressure from '@fastify/under-pressure';
import fastifyPlugin from 'fastify-plugin';
import { Problem } from '../http/problem.js';

const LONGEST_DELAY_MILLISECONDS = 2000;
const RETRY_SECONDS = 5;

export const pressure = fastifyPlugin(
  async (app) => {
    await app.register(underPressure, {
      maxEventLoopDelay: LONGEST_DELAY_MILLISECONDS,
      retryAfter: RETRY_SECONDS,
      pressureHandler: () => {
        throw new Problem('ledger.unavailable', { retryAfter: RETRY_SECONDS });
      },
    });
  },
  { name: 'pressure' },
);
