/** Whether a node's ports can be had, before it is started and fails in its own words. */
import { createServer } from 'node:net';
import { NetworkFault } from './fault.js';
import type { NodeProcess } from './nodes.js';

/** Why it cannot be had, in the system's own code; undefined when it can. */
function refusal(host: string, port: number): Promise<string | undefined> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', ({ code, message }: NodeJS.ErrnoException) => settle(code ?? message));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => settle(undefined)));
  });
}

/** Which of these ports other programs have. */
export async function takenPorts(places: NodeProcess['listens']): Promise<number[]> {
  const taken: number[] = [];
  for (const { host, port } of places) if ((await refusal(host, port)) === 'EADDRINUSE') taken.push(port);
  return taken;
}

/** @throws NetworkFault naming every port that another program has, and every address that this host does not have */
export async function checkPorts(nodes: readonly NodeProcess[]): Promise<void> {
  const wanted = nodes.flatMap(({ name, listens: places }) => places.map((place) => ({ name, ...place })));
  const refused: { readonly name: string; readonly host: string; readonly port: number; readonly why: string }[] = [];
  for (const place of wanted) {
    const why = await refusal(place.host, place.port);
    if (why !== undefined) refused.push({ ...place, why });
  }
  const at = (code: string) => refused.filter(({ why }) => why === code);
  const away = at('EADDRNOTAVAIL');
  if (away.length > 0)
    throw new NetworkFault(
      `this host has no address ${[...new Set(away.map(({ host }) => host))].join(', ')} (${away.map(({ name }) => name).join(', ')}): give the command on the host that has it, or write folders for the hosts' real addresses (npm run network -- folders)`,
    );
  const busy = at('EADDRINUSE');
  if (busy.length > 0)
    throw new NetworkFault(
      `another program has port ${busy.map(({ name, port }) => `${port} (${name})`).join(', ')}: stop it (ss -ltnp names it), or make a network on other ports with --ports and another --folder`,
    );
  if (refused.length > 0)
    throw new NetworkFault(
      refused.map(({ name, host, port, why }) => `${name} cannot have port ${port} of ${host}: ${why}`).join('\n'),
    );
}
