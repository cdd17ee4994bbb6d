import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { provinceOf } from '../../chaincode/provinces.js';
import { pathsOf } from '../../network/embedded/folder.js';
import { fileHeader } from '../../network/embedded/frame.js';
import { openEmbedded } from '../../network/embedded/open.js';
import { readWatermark } from '../../network/embedded/watermark.js';
import { generateKeyPair } from '../../network/identity/authority.js';
import { openProvince } from '../../network/identity/province.js';
import { copyOf, foundedLedger, readRecord, register, registrarSigner, removeTemporaryFolders } from '../support/ledger-world.js';

afterAll(removeTemporaryFolders);

/** What opening is refused with. */
async function refusalOf(folder: string): Promise<{ name: string; reason: string; block: number | undefined; message: string }> {
  const opened = await openEmbedded({ folder }).catch((error) => error);
  if (opened instanceof Error) return opened as never;
  await (opened as Awaited<ReturnType<typeof openEmbedded>>).ledger.close();
  throw new Error('it opened');
}

describe('a data folder', () => {
  let source: string;
  let folder: string;
  let agencyId: string;
  beforeAll(async () => {
    const world = await foundedLedger();
    ({ agencyId } = await register(world));
    for (let count = 0; count < 4; count += 1) await register(world);
    await world.ledger.close();
    source = world.folder;
  });
  beforeEach(() => {
    folder = copyOf(source);
  });

  it('in use is refused as busy, in the same process and in another one', async () => {
    const { ledger } = await openEmbedded({ folder });
    expect(await refusalOf(folder)).toMatchObject({ name: 'DataFolderRefused', reason: 'busy' });
    const module = join(import.meta.dirname, '../../dist/network/embedded/open.js');
    const program = `import { openEmbedded } from ${JSON.stringify(module)};
      await openEmbedded({ folder: ${JSON.stringify(folder)} }).catch((error) => console.log(error.reason));`;
    expect(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).trim()).toBe('busy');
    await ledger.close();
  });

  it('is free again as soon as the process that had it is killed', async () => {
    const module = join(import.meta.dirname, '../../dist/network/embedded/open.js');
    const program = `import { openEmbedded } from ${JSON.stringify(module)};
      await openEmbedded({ folder: ${JSON.stringify(folder)} }); console.log('open'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect((await refusalOf(folder)).reason).toBe('busy');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const { ledger } = await openEmbedded({ folder });
    expect((await ledger.info()).height).toBeGreaterThan(5);
    await ledger.close();
  });

  it('keeps what was written when it is opened again', async () => {
    const world = await openEmbedded({ folder });
    expect(JSON.parse(await world.ledger.evaluate(readRecord(await registrarSigner(world), `agency~${agencyId}`)))).toMatchObject(
      { agencyId },
    );
    await world.ledger.close();
  });

  it('of a newer log format is refused as newer, of an older one as older', async () => {
    const { log } = pathsOf(folder);
    const bytes = readFileSync(log);
    for (const [version, reason] of [
      [2, 'newer'],
      [0, 'older'],
    ] as const) {
      writeFileSync(log, Buffer.concat([fileHeader(version), bytes.subarray(32)]));
      const refusal = await refusalOf(folder);
      expect(refusal.reason).toBe(reason);
      expect(refusal.message).toMatch(new RegExp(`has format ${version}, this software reads 1: run the ${reason} software`));
    }
  });

  it('with a watermark of a newer format is refused as newer', async () => {
    const { watermark } = pathsOf(folder);
    const bytes = readFileSync(watermark);
    for (const offset of [0, 512]) {
      const slot = bytes.subarray(offset, offset + 96);
      if (slot.every((byte) => byte === 0)) continue;
      slot.writeUInt32BE(2, 8);
      createHash('sha256').update(slot.subarray(0, 64)).digest().copy(slot, 64);
    }
    writeFileSync(watermark, bytes);
    expect((await refusalOf(folder)).reason).toBe('newer');
  });

  it('without its watermark is refused, and told what to do', async () => {
    rmSync(pathsOf(folder).watermark);
    const refusal = await refusalOf(folder);
    expect(refusal.reason).toBe('damaged');
    expect(refusal.message).toContain(
      'watermark is missing, so it is not known what was acknowledged: restore the data folder from a backup',
    );
  });

  it('with an empty, short or scrambled watermark is refused', async () => {
    const { watermark } = pathsOf(folder);
    for (const bytes of [Buffer.alloc(0), Buffer.alloc(1024), readFileSync(watermark).subarray(0, 600), Buffer.alloc(1024, 7)]) {
      writeFileSync(watermark, bytes);
      expect((await refusalOf(folder)).reason).toBe('damaged');
    }
  });

  it('without its log is refused by block 0', async () => {
    rmSync(pathsOf(folder).log);
    expect(await refusalOf(folder)).toMatchObject({ reason: 'damaged', block: 0 });
  });

  it('with an emptied log is refused by block 0', async () => {
    writeFileSync(pathsOf(folder).log, '');
    expect(await refusalOf(folder)).toMatchObject({ reason: 'damaged', block: 0 });
  });

  it('with the log of an older backup is refused by the first block that is gone', async () => {
    const { log, watermark } = pathsOf(folder);
    const { height } = acknowledged(watermark);
    const world = await openEmbedded({ folder });
    const older = readFileSync(log);
    await register(world);
    await world.ledger.close();
    writeFileSync(log, older);
    expect(await refusalOf(folder)).toMatchObject({ reason: 'damaged', block: height });
  });

  it("with another ledger's log is refused, though every block of it is whole", async () => {
    const other = await foundedLedger();
    for (let count = 0; count < 9; count += 1) await register(other);
    await other.ledger.close();
    writeFileSync(pathsOf(folder).log, readFileSync(pathsOf(other.folder).log));
    const refusal = await refusalOf(folder);
    expect(refusal.reason).toBe('damaged');
    expect(refusal.message).toContain('is not the log that was acknowledged');
  });

  it('with an older watermark, as after a power failure, opens with everything in the log', async () => {
    const { watermark } = pathsOf(folder);
    const before = readFileSync(watermark);
    const world = await openEmbedded({ folder });
    const { transactionId } = await register(world);
    await world.ledger.close();
    writeFileSync(watermark, before);
    const again = await openEmbedded({ folder });
    expect(await again.ledger.transactionStatus(transactionId)).toMatchObject({ status: 'valid' });
    await again.ledger.close();
    expect(acknowledged(watermark).height).toBe(await heightOf(folder));
  });

  it('with a foreign certificate authority is refused, its peer and orderer with it', async () => {
    rmSync(join(folder, 'authorities/AnhuiMSP'), { recursive: true });
    await openProvince(folder, provinceOf('340000'), Date.now(), true);
    const refusal = await refusalOf(folder);
    expect(refusal).toMatchObject({ reason: 'damaged', block: 0 });
    expect(refusal.message).toContain('the authority of AnhuiMSP is not the one in block 0');
  });

  it('without a certificate authority is refused and gets no other one', async () => {
    const key = join(folder, 'authorities/AnhuiMSP/ca/key.pem');
    rmSync(key);
    expect((await refusalOf(folder)).reason).toBe('damaged');
    expect(existsSync(key)).toBe(false);
  });

  describe.each(['peer', 'orderer'])("with a province's %s", (unit) => {
    const file = (name: string) => join(folder, 'authorities/JiangsuMSP', unit, name);

    it.each(['key.pem', 'certificate.pem'])('without its %s is refused and gets no other one', async (name) => {
      rmSync(file(name));
      const refusal = await refusalOf(folder);
      expect(refusal.reason).toBe('damaged');
      expect(refusal.message).toContain(`JiangsuMSP/${unit} lost its key or certificate: restore it from a backup`);
      expect(existsSync(file(name))).toBe(false);
    });

    it('whose key is not that of its certificate is refused', async () => {
      writeFileSync(file('key.pem'), (await generateKeyPair()).privateKey);
      const refusal = await refusalOf(folder);
      expect(refusal.reason).toBe('damaged');
      expect(refusal.message).toContain(`JiangsuMSP/${unit} do not belong together`);
    });

    it('that another authority certified is refused', async () => {
      for (const name of ['key.pem', 'certificate.pem'])
        writeFileSync(file(name), readFileSync(join(folder, 'authorities/AnhuiMSP', unit, name)));
      expect((await refusalOf(folder)).message).toContain("is not of JiangsuMSP's authority");
    });
  });

  it('with an authority whose key is not that of its certificate is refused', async () => {
    writeFileSync(join(folder, 'authorities/AnhuiMSP/ca/key.pem'), (await generateKeyPair()).privateKey);
    expect((await refusalOf(folder)).message).toContain('AnhuiMSP/ca do not belong together');
  });

  it('that was refused is not held: it opens once it is repaired', async () => {
    const { log } = pathsOf(folder);
    const bytes = readFileSync(log);
    writeFileSync(log, bytes.subarray(0, -1));
    expect((await refusalOf(folder)).reason).toBe('damaged');
    writeFileSync(log, bytes);
    await (await openEmbedded({ folder })).ledger.close();
  });

  it('keeps keys and ledger from other users of the machine', () => {
    for (const name of [
      'authorities/ShanghaiMSP/ca/key.pem',
      'authorities/AnhuiMSP/peer/key.pem',
      'ledger/blocks.log',
      'watermark',
    ])
      expect([name, statSync(join(folder, name)).mode & 0o077]).toEqual([name, 0]);
  });
});

function acknowledged(path: string): { height: number } {
  const found = readWatermark(path);
  if (found.found !== 'value') throw new Error(found.found);
  return found.value;
}

async function heightOf(folder: string): Promise<number> {
  const { ledger } = await openEmbedded({ folder });
  const { height } = await ledger.info();
  await ledger.close();
  return height;
}
