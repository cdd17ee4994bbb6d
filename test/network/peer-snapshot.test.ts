import { createHash } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSnapshot, readSnapshot } from '../../network/operation/peer-snapshot.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a peer’s snapshot that was brought', () => {
  let folder: string;
  let hash: string;

  function write(channel = 'delta'): void {
    const files = { 'public_state.data': 'the state', 'txids.data': 'the ids' };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const hashes = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, sha256(text)]));
    const metadata = JSON.stringify({ channel_name: channel, last_block_number: 41, snapshot_files_raw_hashes: hashes });
    writeFileSync(join(folder, '_snapshot_signable_metadata.json'), metadata);
    hash = sha256(metadata);
  }

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'peer-snapshot-'));
    write();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is known by the SHA-256 of its metadata, in capitals too', async () => {
    expect(readSnapshot(folder)).toEqual({ folder, lastBlock: 41, hash });
    await checkSnapshot(folder, hash);
    await checkSnapshot(folder, ` ${hash.toUpperCase()}\n`);
  });

  it('is refused under another hash, which says both and the block', async () => {
    const other = sha256('another');
    await expect(checkSnapshot(folder, other)).rejects.toThrow(
      `the snapshot in ${folder}, of block 41, has the hash ${hash}, not ${other}: nothing was removed; ask two other provinces`,
    );
  });

  it('is refused with a file that is changed, or gone', async () => {
    appendFileSync(join(folder, 'txids.data'), '.');
    await expect(checkSnapshot(folder, hash)).rejects.toThrow(`txids.data in ${folder} is missing or not what`);
    rmSync(join(folder, 'txids.data'));
    await expect(checkSnapshot(folder, hash)).rejects.toThrow(`txids.data in ${folder} is missing or not what`);
  });

  it('is refused when it is of another channel, or no snapshot', async () => {
    write('another');
    await expect(checkSnapshot(folder, hash)).rejects.toThrow('is of channel another, not delta');
    rmSync(join(folder, '_snapshot_signable_metadata.json'));
    await expect(checkSnapshot(folder, hash)).rejects.toThrow(`${folder} is no snapshot of a peer`);
  });
});
