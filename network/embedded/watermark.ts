/**
 * How far the ledger has been acknowledged, kept apart from the log, so that a log that lost its end
 * is noticed. Two slots are written in turn, each with its own checksum and in a disk sector of its
 * own: one write(2) each, whole or not there when the process is killed. Not synced: after a power
 * failure it may be older than the log, which is synced, and an older one refuses nothing that is there.
 */
import { createHash } from 'node:crypto';
import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { writeWhole } from '../identity/files.js';

export const WATERMARK_VERSION = 1;
const MARK = Buffer.from('yrd-mark', 'ascii');
const SLOT_LENGTH = 96;
const SLOT_OFFSETS = [0, 512] as const;
const FILE_LENGTH = 1024;

export interface WatermarkValue {
  /** number of blocks acknowledged */
  readonly height: number;
  /** hash of the last of them; zeros when there is none */
  readonly hash: Buffer;
  /** length of the log up to it, in bytes */
  readonly logLength: number;
}

export type WatermarkFile =
  | { readonly found: 'none' }
  /** `damagedSlot`: what the other slot holds, as far as it can be read, when that is not what was written */
  | { readonly found: 'value'; readonly value: WatermarkValue; readonly damagedSlot: WatermarkValue | undefined }
  | { readonly found: 'other-version'; readonly version: number }
  | { readonly found: 'damaged' };

/** One slot; the file has one at byte 0 and one at byte 512, for even and odd heights. */
export function encodeWatermarkSlot(value: WatermarkValue): Buffer {
  const slot = Buffer.alloc(SLOT_LENGTH);
  MARK.copy(slot);
  slot.writeUInt32BE(WATERMARK_VERSION, 8);
  slot.writeBigUInt64BE(BigInt(value.height), 16);
  slot.writeBigUInt64BE(BigInt(value.logLength), 24);
  value.hash.copy(slot, 32);
  createHash('sha256').update(slot.subarray(0, 64)).digest().copy(slot, 64);
  return slot;
}

type Slot = WatermarkValue | 'empty' | 'damaged' | { readonly version: number };

function fieldsOf(slot: Buffer): WatermarkValue {
  return {
    height: Number(slot.readBigUInt64BE(16)),
    logLength: Number(slot.readBigUInt64BE(24)),
    hash: Buffer.from(slot.subarray(32, 64)),
  };
}

function decodeSlot(slot: Buffer): Slot {
  if (slot.every((byte) => byte === 0)) return 'empty';
  const checksum = createHash('sha256').update(slot.subarray(0, 64)).digest();
  if (!slot.subarray(0, 8).equals(MARK) || !slot.subarray(64).equals(checksum)) return 'damaged';
  const version = slot.readUInt32BE(8);
  if (version !== WATERMARK_VERSION) return { version };
  return fieldsOf(slot);
}

/** Reads the file; the slot with the greater height counts. */
export function readWatermark(path: string): WatermarkFile {
  if (!existsSync(path)) return { found: 'none' };
  const file = readFileSync(path);
  if (file.length !== FILE_LENGTH) return { found: 'damaged' };
  const parts = SLOT_OFFSETS.map((offset) => file.subarray(offset, offset + SLOT_LENGTH));
  const slots = parts.map(decodeSlot);
  const values: WatermarkValue[] = [];
  for (const slot of slots) {
    if (typeof slot === 'string') continue;
    if ('version' in slot) return { found: 'other-version', version: slot.version };
    values.push(slot);
  }
  const value = values.sort((left, right) => right.height - left.height)[0];
  if (!value) return { found: 'damaged' };
  // Both slots have been written once there is a block: an empty one has then lost what it held.
  const damaged = parts.find((_, index) => slots[index] === 'damaged' || (slots[index] === 'empty' && value.height > 0));
  return { found: 'value', value, damagedSlot: damaged && fieldsOf(damaged) };
}

/** Makes a watermark file anew, durably. */
export function createWatermark(path: string, value: WatermarkValue): void {
  const file = Buffer.alloc(FILE_LENGTH);
  encodeWatermarkSlot(value).copy(file, SLOT_OFFSETS[value.height % 2]);
  writeWhole(path, file, 0o600);
}

export class Watermark {
  readonly #descriptor: number;

  constructor(path: string) {
    this.#descriptor = openSync(path, 'r+');
  }

  write(value: WatermarkValue): void {
    const slot = encodeWatermarkSlot(value);
    const written = writeSync(this.#descriptor, slot, 0, SLOT_LENGTH, SLOT_OFFSETS[value.height % 2]);
    if (written !== SLOT_LENGTH) throw new Error('the watermark was written in part');
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
