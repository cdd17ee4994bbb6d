/** Whether a node can be called: it says that it is well, and whatever others call of it answers. */
import { connect } from 'node:tls';
import { LOOPBACK } from '../definition/definition.js';
import type { NodeProcess } from './nodes.js';

const PATIENCE_MS = 2000;

/**
 * Whether somebody answers a TLS greeting there. Nothing is told and nobody believed, so no certificate is asked
 * for. A port that takes connections is not enough: Fabric binds a peer's, opens its channels, and serves only then.
 */
export function greets({ host, port }: { readonly host: string; readonly port: number }): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect({ host, port, rejectUnauthorized: false, ALPNProtocols: ['h2', 'http/1.1'] });
    socket.setTimeout(PATIENCE_MS, () => socket.destroy(new Error('no answer')));
    // Ended as it is meant to be, or the server would log a greeting that failed.
    socket.once('secureConnect', () => socket.end(() => settle(true)));
    socket.on('error', () => settle(false));
  });
}

async function isWell(port: number): Promise<boolean> {
  const address = `http://${LOOPBACK}:${port}/healthz`;
  const answer = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => undefined);
  return answer?.status === 200;
}

export async function serves({ listens, health }: NodeProcess): Promise<boolean> {
  if (health !== undefined && !(await isWell(health))) return false;
  const answers = await Promise.all(listens.filter(({ port }) => port !== health).map(greets));
  return answers.every(Boolean);
}
