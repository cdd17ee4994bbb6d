import { verify, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockHash, signedByOrderer } from '../../network/format/block.js';
import { decodeSignatureHeader } from '../../network/format/header.js';
import { decodeIdentity } from '../../network/format/identity.js';
import { auditDataFolder } from '../../scripts/audit/data-folder.js';
import { ApiWorld, LEDGER_KIND } from '../support/api-world.js';
import { copyOf, removeTemporaryFolders } from '../support/ledger-world.js';

const bytes = (text: string) => Buffer.from(text, 'base64');
// SmartBFT's orderers sign under their numbers, without a certificate in each signature: test/audit reads those.
const reason = process.env.TEST_LEDGER === 'fabric' ? 'not on Fabric: no folder, and orderers sign under numbers' : undefined;
const because = reason ? ` (${reason})` : '';

describe('a checkpoint for outsiders', () => {
  let world: ApiWorld;
  const kept = mkdtempSync(join(tmpdir(), 'checkpoint-'));
  beforeAll(async () => {
    world = await ApiWorld.create();
    await world.agency('310000', ['certificate-issuer']);
  });
  afterAll(async () => {
    await world.close();
    rmSync(kept, { recursive: true });
    removeTemporaryFolders();
  });

  /** MSP ids of those whose signature under the checkpoint holds and whose certificate is of the folder's authority. */
  // biome-ignore lint/suspicious/noExplicitAny: the answer as it came
  const signersOf = (checkpoint: any): string[] => {
    const { height, previousHash, dataHash, ordererMetadata, signatures } = checkpoint;
    const header = { number: height - 1, previousHash: Buffer.from(previousHash, 'hex'), dataHash: Buffer.from(dataHash, 'hex') };
    expect(blockHash(header).toString('hex')).toBe(checkpoint.blockHash);
    return signatures.flatMap(({ signatureHeader, signature }: Record<string, string>) => {
      const { mspId, certificate } = decodeIdentity(decodeSignatureHeader(bytes(signatureHeader as string)).creator);
      const root = new X509Certificate(readFileSync(join(world.folder, 'authorities', mspId, 'ca/certificate.pem')));
      const { publicKey } = new X509Certificate(certificate);
      const message = signedByOrderer({ header, ordererMetadata: bytes(ordererMetadata) }, bytes(signatureHeader as string));
      const holds = verify('sha256', message, publicKey, bytes(signature as string));
      return holds && new X509Certificate(certificate).verify(root.publicKey) ? [mspId] : [];
    });
  };

  it('is the last block’s place with the orderers’ signatures, and anybody may ask for it', async () => {
    const { status, body } = await world.get('/v1/checkpoints/latest');
    const { height } = (await world.get('/v1/ledger')).body;
    expect(status).toBe(200);
    const { assurance } = LEDGER_KIND;
    expect(body).toMatchObject({ format: 'yrd-checkpoint/1', channel: 'delta', assurance, height });
    expect(body.signatures.length).toBeGreaterThanOrEqual(3);
  });

  it.skipIf(reason)(`is signed by three provinces’ orderers, whoever checks it${because}`, async () => {
    const { body } = await world.get('/v1/checkpoints/latest');
    expect(new Set(signersOf(body)).size).toBe(3);
    expect(signersOf({ ...body, ordererMetadata: '' })).toEqual([]);
  });

  it('holds what each province’s peer signed of block and state, and nothing of the block’s transactions', async () => {
    const { agencyId } = await world.agency('330000', ['data-user']);
    const { body, text } = await world.get('/v1/checkpoints/latest');
    const said = body.statements.map(({ mspId, blockHash, stateHash }: Record<string, string>) => [mspId, blockHash, stateHash]);
    const names = ['ShanghaiMSP', 'JiangsuMSP', 'ZhejiangMSP', 'AnhuiMSP'];
    expect(said).toEqual(names.map((mspId) => [mspId, body.blockHash, body.stateHash]));
    const kept = body.statements.flatMap(({ before, after }: Record<string, string>) => [
      bytes(before as string),
      bytes(after as string),
    ]);
    expect(Buffer.concat([...kept, Buffer.from(text)]).includes(agencyId)).toBe(false);
  });

  it('moves with the ledger', async () => {
    const { body } = await world.get('/v1/checkpoints/latest');
    await world.agency('320000', ['data-user']);
    const later = (await world.get('/v1/checkpoints/latest')).body;
    expect(later.height).toBe(body.height + 1);
    expect(later.previousHash).toBe(body.blockHash);
    expect(later.stateHash).not.toBe(body.stateHash);
  });

  it.skipIf(reason)(
    `is what an audit compares the folder with, as it was answered${because}`,
    async () => {
      const file = join(kept, 'checkpoint.json');
      const { text, body } = await world.get('/v1/checkpoints/latest');
      writeFileSync(file, text);
      await world.agency('330000', ['data-user']);
      await world.service.close();
      await world.below.ledger.close();
      const data = copyOf(world.folder);
      expect(await auditDataFolder({ data, checkpoint: file })).toMatchObject({ verdict: 'holds', height: body.height + 1 });
      const { signature } = body.statements[1];
      writeFileSync(file, text.replace(signature, body.statements[2].signature));
      await expect(auditDataFolder({ data, checkpoint: file })).rejects.toMatchObject({
        difference: { check: 'checkpoint', problem: expect.stringContaining('of JiangsuMSP has no signature that holds') },
      });
      writeFileSync(file, text.replace(body.blockHash, 'ab'.repeat(32)));
      await expect(auditDataFolder({ data, checkpoint: file })).rejects.toMatchObject({
        difference: { check: 'checkpoint', block: body.height - 1, expected: 'ab'.repeat(32), found: body.blockHash },
      });
    },
    180_000,
  );
});
