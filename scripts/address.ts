/** Where a server with these settings is found from this machine. */
import type { Settings } from '../api/settings.js';

const EVERYWHERE: readonly string[] = ['0.0.0.0', '::'];

export function addressOf({ host, port, tls }: Pick<Settings, 'host' | 'port' | 'tls'>): string {
  const reachable = EVERYWHERE.includes(host) ? '127.0.0.1' : host;
  const shown = reachable.includes(':') ? `[${reachable}]` : reachable;
  return `${tls ? 'https' : 'http'}://${shown}:${port}`;
}
