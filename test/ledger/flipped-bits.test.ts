import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeWatermarkSlot } from '../../network/embedded/watermark.js';
import { blockHash, decodeBlock } from '../../network/format/block.js';
import { type FolderBytes, folderBeforeAndAfter, type RecordPlace, recordsOf, TrialFolder } from '../support/damaged-folder.js';
import { removeTemporaryFolders } from '../support/ledger-world.js';

function withFlippedBit(bytes: Buffer, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
  return changed;
}

/** Every bit of the record's own header, and bits spread over its block. */
function bitsOf({ offset, next }: RecordPlace): number[] {
  const header = Array.from({ length: 48 * 8 }, (_, index) => offset * 8 + index);
  const start = (offset + 48) * 8;
  const step = Math.max(1, Math.floor((next * 8 - start) / 97));
  const block = Array.from({ length: 97 }, (_, index) => start + index * step).filter((bit) => bit < next * 8);
  return [...header, ...block];
}

describe('a flipped bit', () => {
  let before: FolderBytes;
  let after: FolderBytes;
  let ids: string[];
  let records: RecordPlace[];
  let trial: TrialFolder;
  beforeAll(async () => {
    ({ before, after, ids } = await folderBeforeAndAfter());
    records = recordsOf(after.log);
    trial = new TrialFolder().askFor(ids);
  });
  afterAll(removeTemporaryFolders);

  async function refusalOf(folder: FolderBytes): Promise<Error & { reason?: string; block?: number }> {
    trial.write(folder);
    return trial.recover().then(
      ({ height }) => new Error(`opened with ${height} blocks`),
      (error: Error) => error,
    );
  }

  it('in any acknowledged record is refused by that block and byte, the folder left as it was', async () => {
    for (const record of records) {
      for (const bit of bitsOf(record)) {
        const log = withFlippedBit(after.log, bit);
        const refusal = await refusalOf({ ...after, log });
        const right =
          refusal.name === 'DataFolderRefused' &&
          refusal.reason === 'damaged' &&
          refusal.block === record.number &&
          refusal.message.startsWith(`block ${record.number} at byte ${record.offset} of `);
        if (!right || !readFileSync(trial.paths.log).equals(log)) expect.fail(`bit ${bit} of block ${record.number}: ${refusal}`);
      }
    }
  });

  it('in any acknowledged record is refused when the state has to be made anew as well', async () => {
    for (const record of records) {
      const refusal = await refusalOf({ ...after, state: undefined, log: withFlippedBit(after.log, record.next * 8 - 1) });
      expect([refusal.reason, refusal.block]).toEqual(['damaged', record.number]);
    }
  });

  it('in a record that was never acknowledged cuts it off, with everything acknowledged kept', async () => {
    const last = records.at(-1) as RecordPlace;
    for (const bit of bitsOf(last)) {
      trial.write({ ...before, log: withFlippedBit(after.log, bit) });
      const recovered = await trial.recover();
      const right =
        recovered.height === last.number && ids.slice(0, -1).every(recovered.knows) && !recovered.knows(ids.at(-1) as string);
      if (!right) expect.fail(`bit ${bit}: ${JSON.stringify(recovered)}`);
    }
  });

  it('in a record beyond an old watermark is refused when a whole record follows, never cut', async () => {
    const [previous, last] = records.slice(-2) as [RecordPlace, RecordPlace];
    const watermark = earlierWatermark(after, records, records.length - 3);
    for (const bit of bitsOf(previous)) {
      const refusal = await refusalOf({ ...after, state: undefined, watermark, log: withFlippedBit(after.log, bit) });
      if (refusal.reason !== 'damaged' || refusal.block !== previous.number) expect.fail(`bit ${bit}: ${refusal}`);
      expect(refusal.message).toContain('later blocks follow');
    }
    expect(last.number).toBe(previous.number + 1);
  });

  it('in the header of the file is refused', async () => {
    for (let bit = 0; bit < 32 * 8; bit += 1) {
      const refusal = await refusalOf({ ...after, log: withFlippedBit(after.log, bit) });
      if (refusal.reason !== 'damaged') expect.fail(`bit ${bit}: ${refusal}`);
    }
  });

  it('in the watermark opens with everything, because the other slot and the whole log are there', async () => {
    for (let bit = 0; bit < 96 * 8; bit += 1)
      for (const slot of [0, 512]) {
        trial.write({ ...after, watermark: withFlippedBit(after.watermark, slot * 8 + bit) });
        const recovered = await trial.recover();
        if (!ids.every(recovered.knows)) expect.fail(`bit ${bit} of slot ${slot}: ${JSON.stringify(recovered)}`);
      }
  });

  it('in the watermark together with a torn end is refused: nobody knows whether that end was acknowledged', async () => {
    const last = records.at(-1) as RecordPlace;
    const newest = records.length % 2 === 0 ? 0 : 512;
    const watermark = withFlippedBit(after.watermark, (newest + 30) * 8);
    const refusal = await refusalOf({ ...after, watermark, log: after.log.subarray(0, last.next - 1) });
    expect([refusal.reason, refusal.block]).toEqual(['damaged', last.number]);
    expect(refusal.message).toContain('is damaged too');
  });

  const newestSlot = () => (records.length % 2 === 0 ? 0 : 512);
  const withoutLast = () => after.log.subarray(0, (records.at(-1) as RecordPlace).offset);

  it('in the newer slot of the watermark together with the last record gone, whole, is refused', async () => {
    for (let bit = 0; bit < 96 * 8; bit += 1) {
      const watermark = withFlippedBit(after.watermark, newestSlot() * 8 + bit);
      for (const state of [after.state, undefined]) {
        const refusal = await refusalOf({ watermark, state, log: withoutLast() });
        if (refusal.reason !== 'damaged' || refusal.block !== records.length - 1) expect.fail(`bit ${bit}: ${refusal}`);
      }
    }
  });

  it.each([
    ['emptied', 0],
    ['overwritten', 0xa5],
  ])('and so it is with that slot %s', async (_, byte) => {
    const watermark = Buffer.from(after.watermark).fill(byte, newestSlot(), newestSlot() + 96);
    const refusal = await refusalOf({ ...after, watermark, log: withoutLast() });
    expect([refusal.reason, refusal.block]).toEqual(['damaged', records.length - 1]);
    expect(refusal.message).toContain('is damaged where it may have told of more');
  });
});

/** The watermark as it stood when only so many blocks had been acknowledged. */
function earlierWatermark(folder: FolderBytes, records: readonly RecordPlace[], height: number): Buffer {
  const last = records[height - 1] as RecordPlace;
  const block = folder.log.subarray(last.offset + 48, last.next);
  const file = Buffer.alloc(1024);
  encodeWatermarkSlot({ height, hash: blockHash(decodeBlock(block).header), logLength: last.next }).copy(
    file,
    512 * (height % 2),
  );
  return file;
}
