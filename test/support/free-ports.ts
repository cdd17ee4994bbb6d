/** Ports for a network that a test brings up. */
import { createServer } from 'node:net';
import { defineNetwork, type Ports } from '../../network/definition/definition.js';

const FIRST = 20_000;
const WIDTH = 100;
/** Workers of one run that may look at the same time; each draws from bases of its own, or two could find the same one free. */
const WORKERS = 4;
const EACH = 25;

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer().once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}

/** A first port from which all that a network listens on is free. */
export async function freeBasePort(): Promise<number> {
  const worker = Number(process.env.VITEST_POOL_ID ?? 0) % WORKERS;
  for (let tries = 0; tries < 2 * EACH; tries += 1) {
    const basePort = FIRST + WIDTH * (worker + WORKERS * Math.floor(Math.random() * EACH));
    const ports = defineNetwork({ basePort }).members.flatMap(({ ports }) => Object.values(ports satisfies Ports) as number[]);
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return basePort;
  }
  throw new Error('no free ports for a network');
}
