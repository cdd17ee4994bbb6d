/**
 * Four hosts on one machine: a network namespace for each, joined by a bridge in a namespace of its own, so
 * that nothing of the machine's own network is touched. All of it goes when the namespaces are removed.
 */
import { spawnSync } from 'node:child_process';

export interface Host {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
}

export interface Hosts {
  readonly hosts: readonly Host[];
  /** takes a host's link down or up */
  link(host: Host, state: 'up' | 'down'): void;
  /** parts these hosts from the others; without any, all are together again */
  part(hosts: readonly Host[]): void;
  remove(): void;
}

/** Why it cannot be done here; undefined when it can. */
export function namespacesMissing(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'network namespaces need Linux and root';
  if (spawnSync('ip', ['-V']).error) return 'network namespaces need iproute2 (apt-get install -y iproute2)';
  const tried = spawnSync('ip', ['netns', 'exec', 'no-such-namespace', 'true'], { encoding: 'utf8' });
  return /permission|not permitted/i.test(tried.stderr) ? `no network namespaces here: ${tried.stderr.trim()}` : undefined;
}

function ip(...words: readonly string[]): void {
  const ran = spawnSync('ip', words, { encoding: 'utf8' });
  if (ran.status !== 0) throw new Error(`ip ${words.join(' ')}: ${ran.error?.message ?? ran.stderr.trim()}`);
}

/** Interface names have 15 characters at most. */
const linkOf = (index: number) => `host${index}`;
const HUB_LINK = 'uplink';

function addHost(hub: string, { namespace, address }: Host, index: number): void {
  ip('netns', 'add', namespace);
  ip('-n', hub, 'link', 'add', linkOf(index), 'type', 'veth', 'peer', 'name', HUB_LINK, 'netns', namespace);
  ip('-n', hub, 'link', 'set', linkOf(index), 'master', 'bridge', 'up');
  ip('-n', namespace, 'address', 'add', `${address}/24`, 'dev', HUB_LINK);
  ip('-n', namespace, 'link', 'set', HUB_LINK, 'up');
  ip('-n', namespace, 'link', 'set', 'lo', 'up');
}

/** @throws Error when the system refuses; what was made until then is removed */
export function makeHosts(names: readonly string[]): Hosts {
  const prefix = `delta-${process.pid}`;
  const hub = `${prefix}-hub`;
  const hosts = names.map((name, index) => ({ name, namespace: `${prefix}-${name}`, address: `10.77.0.${index + 1}` }));
  const remove = () => {
    for (const namespace of [...hosts.map((host) => host.namespace), hub]) spawnSync('ip', ['netns', 'delete', namespace]);
  };
  try {
    ip('netns', 'add', hub);
    ip('-n', hub, 'link', 'add', 'bridge', 'type', 'bridge');
    ip('-n', hub, 'link', 'set', 'bridge', 'up');
    ip('-n', hub, 'link', 'add', 'island', 'type', 'bridge');
    ip('-n', hub, 'link', 'set', 'island', 'up');
    for (const [index, host] of hosts.entries()) addHost(hub, host, index);
  } catch (error) {
    remove();
    throw error;
  }
  const link = (host: Host, state: 'up' | 'down') => ip('-n', hub, 'link', 'set', linkOf(hosts.indexOf(host)), state);
  const part = (apart: readonly Host[]) => {
    for (const [index, host] of hosts.entries())
      ip('-n', hub, 'link', 'set', linkOf(index), 'master', apart.includes(host) ? 'island' : 'bridge');
  };
  return { hosts, link, part, remove };
}
