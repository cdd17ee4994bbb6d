import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FAILED_AUTHENTICATIONS } from '../../api/plugins/rate-limits.js';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';

describe('limits by address', () => {
  let world: ApiWorld;
  let agency: ApiAgency;
  beforeAll(async () => {
    world = await ApiWorld.create({ settings: { RATE_LIMIT: 'on' } });
    agency = await world.agency('310000', ['data-user']);
  });
  afterAll(() => world.close());

  const from = (remoteAddress: string, url: string, token?: string) =>
    world.service.app.inject({ url, remoteAddress, ...(token && { headers: { authorization: `Bearer ${token}` } }) });
  const left = async (address: string) => Number((await from(address, '/v1/ledger')).headers['ratelimit-remaining']);

  it('take a whole /64 of IPv6 for one, and its neighbour for another', async () => {
    const before = await left('2001:db8:0:1::1');
    expect(await left('2001:db8:0:1:ffff::2')).toBe(before - 1);
    expect(await left('2001:db8:0:2::1')).toBe(before);
    expect(await left('192.0.2.1')).toBe(before);
    expect(await left('192.0.2.2')).toBe(before);
  });

  it('believe no header that says where somebody else comes from', async () => {
    const before = await left('192.0.2.77');
    const forwarded = { 'x-forwarded-for': '203.0.113.9', forwarded: 'for=203.0.113.9', 'x-real-ip': '203.0.113.9' };
    const { headers } = await world.service.app.inject({ url: '/v1/ledger', remoteAddress: '192.0.2.77', headers: forwarded });
    expect(Number(headers['ratelimit-remaining'])).toBe(before - 1);
  });

  it('end failed authentication in 429, and keep nobody out who can prove who it is', async () => {
    const forged = `${agency.token.slice(0, -4)}AAAA`;
    const failing = async (address: string, token?: string) => {
      const { statusCode, headers } = await from(address, '/v1/officers', token);
      return [statusCode, headers['www-authenticate'], headers['retry-after'] !== undefined];
    };
    for (let failure = 0; failure < FAILED_AUTHENTICATIONS; failure++)
      expect(await failing('198.51.100.7', failure % 2 === 0 ? forged : undefined)).toEqual([401, 'Bearer', false]);
    expect(await failing('198.51.100.7', forged)).toEqual([429, undefined, true]);
    expect(await failing('198.51.100.7')).toEqual([429, undefined, true]);
    expect(await failing('198.51.100.8', forged)).toEqual([401, 'Bearer', false]);
    expect((await from('198.51.100.7', '/v1/officers', agency.token)).statusCode).toBe(200);
  });
});
