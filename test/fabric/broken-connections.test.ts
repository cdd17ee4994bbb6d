import http2, { type ClientHttp2Session } from 'node:http2';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../network/errors.js';
import { eventually } from '../support/eventually.js';
import { FabricDouble } from '../support/fabric-double/fabric-double.js';
import { register, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

describe('a connection that gRPC calls ready, while its session is gone', () => {
  const { connect } = http2;
  const sessions: ClientHttp2Session[] = [];
  beforeEach(() => {
    http2.connect = ((...args: Parameters<typeof connect>) => {
      const session = connect(...args);
      sessions.push(session);
      return session;
    }) as typeof connect;
  });
  afterEach(() => {
    http2.connect = connect;
    sessions.length = 0;
  });

  /** As after a link that swallowed everything for a while: gRPC never hears of the end. */
  function destroyAll(): void {
    for (const session of sessions) {
      session.removeAllListeners('close');
      session.socket.removeAllListeners('close');
      session.destroy();
    }
  }

  it('to every peer and orderer: each is connected to anew, and writes and reads go on', async () => {
    const double = await FabricDouble.start();
    const fabric = await double.open();
    try {
      await register(fabric);
      expect(sessions.length).toBeGreaterThanOrEqual(8);
      destroyAll();
      await expect(register(fabric)).rejects.toThrow(LedgerUnavailable);
      await eventually(() => register(fabric));
      await eventually(async () => {
        const { provinces } = await fabric.ledger.info();
        expect(provinces.map(({ reachable }) => reachable)).toEqual([true, true, true, true]);
      });
    } finally {
      await double.close();
    }
  });
});
