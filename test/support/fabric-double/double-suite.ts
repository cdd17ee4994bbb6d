/** One double of a network for the tests of a file: honest and up again before each of them. */
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ProvinceCode } from '../../../chaincode/provinces.js';
import type { Fabric, FabricOptions } from '../../../network/fabric/open.js';
import { memoryOutbox, type Outbox } from '../../../network/fabric/outbox.js';
import type { Signer } from '../../../network/identity/signer.js';
import type { Committed, Invocation } from '../../../network/ledger.js';
import { freshAgencyId } from '../contract-world.js';
import { readRecord, registrarSigner, registration, removeTemporaryFolders } from '../ledger-world.js';
import { FabricDouble } from './fabric-double.js';

export class DoubleSuite {
  double: FabricDouble = undefined as unknown as FabricDouble;
  fabric: Fabric = undefined as unknown as Fabric;
  signer: Signer = undefined as unknown as Signer;
  outbox: Outbox = memoryOutbox();

  registration(agencyId = freshAgencyId('310000'), operation?: string): Invocation {
    return registration(this.signer, agencyId, operation);
  }

  register(agencyId?: string, prepared?: (id: string) => void): Promise<Committed> {
    return this.fabric.ledger.submit(this.registration(agencyId), prepared);
  }

  record(agencyId: string): Invocation {
    return readRecord(this.signer, `agency~${agencyId}`);
  }

  /** Waits, within a bound, until something is so. */
  async until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 30_000; Date.now() < end; ) {
      if (await isSo()) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`it did not come to this: ${what}`);
  }

  logged(text: string): boolean {
    return this.double.log.some((line) => line.includes(text));
  }

  async restore(): Promise<void> {
    const { peers, orderers, ordering, log } = this.double;
    for (const { node } of peers) {
      node.answer = (honest) => honest();
      node.block = (bytes) => bytes;
      node.limit = Number.POSITIVE_INFINITY;
      node.proposals = 0;
    }
    for (const { node } of orderers) node.take = async (honest) => honest();
    for (const node of [...peers, ...orderers]) if (!node.isUp) await node.start();
    ordering.quorum = 3;
    ordering.before = async () => undefined;
    ordering.sent.length = 0;
    log.length = 0;
    await this.until('all are reached again', () => this.fabric.health().away.length === 0);
  }
}

export function doubleSuite(options: Partial<FabricOptions> & { readonly home?: ProvinceCode } = {}): DoubleSuite {
  const suite = new DoubleSuite();
  beforeAll(async () => {
    suite.double = await FabricDouble.start();
    suite.fabric = await suite.double.open({ outbox: suite.outbox, ...options });
    suite.signer = await registrarSigner(suite.fabric);
  });
  afterEach(() => suite.restore());
  afterAll(async () => {
    await suite.double.close();
    removeTemporaryFolders();
  });
  return suite;
}
