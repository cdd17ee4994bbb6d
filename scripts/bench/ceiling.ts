/**
 * What one thread can do at the very most: for each write the dispatch through fabric-shim, and the same
 * signatures and verifications as the ledger makes (proposal and envelope signed by the client and
 * verified, three endorsements signed and verified). No HTTP, no tables, no disk.
 */
import { createPrivateKey, createPublicKey, type KeyObject, randomBytes, sign, verify } from 'node:crypto';
import { PROVINCES } from '../../chaincode/provinces.js';
import { encodeArgument } from '../../chaincode/runtime/argument.js';
import { AGENCY_ATTRIBUTE, ROLES_ATTRIBUTE } from '../../chaincode/runtime/caller.js';
import { key } from '../../chaincode/state/keys.js';
import { createDispatcher } from '../../network/embedded/dispatcher.js';
import { simulate, type VersionedValue } from '../../network/embedded/simulation.js';
import { createAuthority, generateKeyPair, issueCertificate, keyDigestOf } from '../../network/identity/authority.js';
import { certificateBody } from './certificate-body.js';

const SIGNATURES = 5;

interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** @returns a function that makes `count` writes and tells the writes a second */
export async function ceiling(agencyId: string): Promise<(count: number) => Promise<number>> {
  const [province] = PROVINCES;
  const now = Date.now();
  const authority = await createAuthority(province.mspId, province.slug, now);
  const pair = await generateKeyPair();
  const certificate = await issueCertificate(authority, {
    commonName: agencyId,
    unit: 'client',
    publicKey: pair.publicKey,
    attributes: { [AGENCY_ATTRIBUTE]: agencyId, [ROLES_ATTRIBUTE]: 'certificate-issuer' },
    days: 1,
    now,
  });
  const agency = {
    agencyId,
    province: province.code,
    status: 'active',
    roles: ['certificate-issuer'],
    keyDigest: keyDigestOf(pair.publicKey),
  };
  const keys: Keys = { privateKey: createPrivateKey(pair.privateKey), publicKey: createPublicKey(pair.publicKey) };
  const dispatcher = await createDispatcher();
  const version = { block: 1, position: 0 };
  const state = new Map<string, VersionedValue>([
    [key('agency', agencyId), { value: Buffer.from(JSON.stringify(agency)), version }],
  ]);

  return async (count) => {
    const began = performance.now();
    for (let index = 0; index < count; index++) {
      const serial = randomBytes(16).toString('hex');
      const argument = encodeArgument({ operation: serial, input: certificateBody(agencyId, serial) });
      const simulation = await simulate(dispatcher, state, {
        transactionId: randomBytes(32).toString('hex'),
        channel: 'bench',
        chaincode: 'bench',
        timestamp: Date.now(),
        creator: { mspId: province.mspId, certificate },
        args: ['certificate:IssueCertificate', argument],
      });
      if (simulation.status !== 200) throw new Error(simulation.message);
      for (const write of simulation.writes) if (write.value) state.set(write.key, { value: write.value, version });
      signAndVerify(
        keys,
        Buffer.concat([Buffer.from(argument), ...simulation.writes.map(({ value }) => value ?? Buffer.alloc(0))]),
      );
    }
    return count / ((performance.now() - began) / 1000);
  };
}

function signAndVerify({ privateKey, publicKey }: Keys, message: Buffer): void {
  for (let turn = 0; turn < SIGNATURES; turn++) {
    const signature = sign('sha256', message, privateKey);
    if (!verify('sha256', message, publicKey, signature)) throw new Error('a signature does not hold');
  }
}
