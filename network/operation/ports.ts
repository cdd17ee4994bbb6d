/** Whether a node's ports can be had, before it is started and fails in its own words. */
import { createServer } from 'node:net';
import { NetworkFault } from './fault.js';
import type { NodeProcess } from './nodes.js';

function taken(host: string, port: number): Promise<boolean> {
  return new Promise((settle, reject) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? settle(true) : reject(error)));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => settle(false)));
  });
}

/** @throws NetworkFault naming every port that another program has */
export async function checkPorts(nodes: readonly NodeProcess[]): Promise<void> {
  const wanted = nodes.flatMap(({ name, listens: places }) => places.map((place) => ({ name, ...place })));
  const busy: string[] = [];
  for (const { name, host, port } of wanted) if (await taken(host, port)) busy.push(`${port} (${name})`);
  if (busy.length > 0)
    throw new NetworkFault(
      `another program has port ${busy.join(', ')}: stop it (ss -ltnp names it), or make a network on other ports with --ports and another --folder`,
    );
}
