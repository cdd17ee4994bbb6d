/**
 * The log of a folder beside its ledger, and what that acknowledged. A file that is open stays readable when its
 * name is given to another, so at each look both are opened anew and held against what was read before.
 */
import type { WatermarkValue } from '../embedded/watermark.js';
import { blockHash } from '../format/block.js';
import type { Audited, Companion } from './audit-chain.js';
import { Differs, NotThere } from './difference.js';
import { checkAcknowledged, checkReached, watermarkComparison, watermarkOf } from './folder-files.js';
import { type FolderSource, folderSource } from './folder-source.js';

/** What was acknowledged never becomes less. */
function checkGrown({ height }: WatermarkValue, at: Audited): void {
  if (height >= at.height) return;
  throw new Differs({
    check: 'watermark',
    block: height,
    problem: `the ledger had ${at.height} blocks and has ${height}: it was put back to an older state`,
    expected: `${at.height} blocks`,
    found: `${height} blocks`,
  });
}

export class FollowedLog {
  readonly source: FolderSource;
  readonly comparison: Companion;
  readonly #folder: string;
  #mark: WatermarkValue;
  /** whether something was not there at the look before */
  #lacked = false;

  /** @throws Differs, CannotTell */
  constructor(folder: string) {
    this.#folder = folder;
    this.source = folderSource(folder, () => this.#mark.logLength);
    try {
      this.#mark = watermarkOf(folder);
    } catch (error) {
      this.close();
      throw error;
    }
    this.comparison = watermarkComparison(() => this.#mark, this.source.ends);
  }

  /** To be asked whenever the log was read to what was acknowledged. @throws Differs when that is more than there is */
  checkReached(at: Audited): void {
    checkReached(this.#mark, at);
  }

  /** Files may be written over in place: what was read last must still be read there. */
  async #checkLast({ height, blockHash: expected }: Audited): Promise<void> {
    const found = blockHash((await this.source.block(height - 1)).header).toString('hex');
    if (found === expected) return;
    const problem = `${this.source.name} was written over: block ${height - 1} is not the one that was read before`;
    throw new Differs({ check: 'record', block: height - 1, problem, expected, found });
  }

  /**
   * Looks how far to read now.
   * @throws Differs when what was read is no longer there; what is only missing, at the second look that lacks it
   */
  async lookAgain(at: Audited): Promise<void> {
    try {
      const mark = watermarkOf(this.#folder);
      checkGrown(mark, at);
      checkAcknowledged(mark, this.source.ends, at);
      this.source.renew(mark);
      await this.#checkLast(at);
      [this.#mark, this.#lacked] = [mark, false];
    } catch (error) {
      if (this.#lacked || !(error instanceof NotThere)) throw error;
      this.#lacked = true;
    }
  }

  close(): void {
    this.source.close();
  }
}
