/** A server of this build as a process of its own, on a data folder and a port given. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';

const START = join(import.meta.dirname, '../start.js');

export interface ServerProcess {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** what it printed so far */
  output(): string;
  /** ends it without warning and waits until it is gone */
  kill(): Promise<void>;
  /** asks it to end and waits until it is gone; returns its exit code */
  stop(): Promise<number | null>;
}

/** A port of the loopback that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once('exit', (code) => resolve(code)));
}

async function ready(url: string, child: ChildProcess, output: () => string, deadline: number): Promise<void> {
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw new Error(`the server ended at start:\n${output()}`);
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the server was not ready in time:\n${output()}`);
}

/** Starts a server and waits until it is ready. @throws Error with what it printed when it ends instead */
export async function startServer(
  dataDir: string,
  environment: Readonly<Record<string, string>> = {},
  patience = 60_000,
): Promise<ServerProcess> {
  const port = await freePort();
  const env = { ...process.env, DATA_DIR: dataDir, PORT: String(port), HOST: '127.0.0.1', LOG_LEVEL: 'warn', ...environment };
  const child = spawn(process.execPath, [START], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
  });
  child.stderr.on('data', (chunk) => {
    printed += chunk;
  });
  const url = `http://127.0.0.1:${port}`;
  const output = () => printed;
  try {
    await ready(url, child, output, Date.now() + patience);
  } catch (error) {
    child.kill('SIGKILL');
    throw error;
  }
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal);
    return ended(child);
  };
  return {
    url,
    port,
    pid: child.pid as number,
    output,
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}
