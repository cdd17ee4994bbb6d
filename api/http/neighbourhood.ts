/** Whom a limit by address counts as one. */
import { isIPv6 } from 'node:net';

/** A household or office has a /64 of IPv6 to itself and could change its address with every request. */
export function neighbourhood(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter((group) => group !== '');
  const right = tail.split(':').filter((group) => group !== '');
  const zeros = address.includes('::') ? Array.from({ length: 8 - left.length - right.length }, () => '0') : [];
  return [...left, ...zeros, ...right].slice(0, 4).join(':');
}
