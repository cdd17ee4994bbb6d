import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetProjection } from '../../api/projection/tables.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import { createSubject } from '../../api/vault/create-subject.js';
import { findSubject, openSubject } from '../../api/vault/find-subject.js';
import { handlesOf } from '../../api/vault/linked-subjects.js';
import type { Person } from '../../api/vault/person.js';
import { openVault, type Vault } from '../../api/vault/vault.js';
import { forgetUnderOtherKeys, rotateVaultKey, settleVaultKey } from '../../api/vault/vault-key.js';
import { freshAgencyId } from '../support/contract-world.js';

const CITIZEN: Person = { type: 'citizen', number: '11010519491231002X' };
const AGENCY = freshAgencyId('310000');
const NOW = Date.parse('2026-11-02T08:00:00Z');
const operation = 'k'.repeat(20);

let folder: string;
let store: Store;
let keyFile: string;
const opened = (): Vault => openVault(store, keyFile, () => NOW);
const input = { person: CITIZEN, homeProvince: '310000', agency: AGENCY, operation: undefined } as const;

/** The first of them under an Idempotency-Key. */
async function made(count: number): Promise<string[]> {
  const vault = opened();
  const inputs = Array.from({ length: count }, (_, index) => ({ ...input, ...(index === 0 && { operation }) }));
  const created = await Promise.all(inputs.map((one) => createSubject(vault, one)));
  return created.flatMap((one) => ('subject' in one ? [one.subject] : []));
}

const sealedRows = () =>
  store.db.selectFrom('vault_subject').select(['subject', 'sealed', 'person']).where('sealed', 'is not', null).execute();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vault-key-'));
  store = await openSqliteStore(join(folder, 'store.db'));
  await store.db.transaction().execute(resetProjection);
  keyFile = join(folder, 'vault.key');
  opened();
});
afterEach(() => store.close());

describe('another key for the vault', () => {
  it('opens and links every handle as the old one did, and repeats a request under its key', async () => {
    const handles = await made(1203);
    const [first = ''] = handles;
    const proof = await openSubject(opened(), first);
    const seen: number[] = [];
    const old = readFileSync(keyFile, 'utf8');
    expect(await rotateVaultKey(store, keyFile, (done) => seen.push(done))).toBe(1203);
    expect(seen).toEqual([500, 1000, 1203, 1203]);
    expect(readFileSync(keyFile, 'utf8')).not.toBe(old);
    expect(statSync(keyFile).mode & 0o777).toBe(0o600);
    const vault = opened();
    expect(await openSubject(vault, first)).toEqual(proof);
    expect(await handlesOf(vault, '310000', CITIZEN)).toEqual(handles.toSorted());
    expect(await createSubject(vault, { ...input, operation })).toEqual({ outcome: 'replayed', subject: first });
    expect(await createSubject(vault, { ...input, operation, homeProvince: '320000' })).toEqual({ outcome: 'mismatch' });
  });

  it('leaves nothing that the old one opens, in a row or on the disk', async () => {
    const [handle = ''] = await made(3);
    copyFileSync(keyFile, join(folder, 'old.key'));
    const before = await sealedRows();
    await rotateVaultKey(store, keyFile);
    await expect(
      openSubject(
        openVault(store, join(folder, 'old.key'), () => NOW),
        handle,
      ),
    ).rejects.toThrow();
    for (const name of readdirSync(folder).filter((file) => file.startsWith('store.db'))) {
      const bytes = readFileSync(join(folder, name));
      for (const { sealed, person } of before)
        for (const text of [sealed, person]) expect(bytes.includes(text as string), `${text} in ${name}`).toBe(false);
    }
  });

  it('leaves what was erased erased', async () => {
    const [handle = ''] = await made(2);
    const nothing = { state: 'erased', person: null, sealed: null, fingerprint: null } as const;
    await store.db.updateTable('vault_subject').set(nothing).where('subject', '=', handle).execute();
    expect(await rotateVaultKey(store, keyFile)).toBe(1);
    expect(await openSubject(opened(), handle)).toBeUndefined();
  });

  it('is not put in place when a row does not open, and nothing has changed then', async () => {
    const handles = (await made(5)).toSorted();
    const before = readFileSync(keyFile, 'utf8');
    // Neither the first nor the last: those are looked at before anything begins.
    await store.db
      .updateTable('vault_subject')
      .set({ sealed: 'AAAA' })
      .where('subject', '=', handles[2] as string)
      .execute();
    const rows = await sealedRows();
    await expect(rotateVaultKey(store, keyFile)).rejects.toThrow();
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
    expect(existsSync(`${keyFile}.next`)).toBe(false);
    expect(await sealedRows()).toEqual(rows);
  });
});

describe('a rotation that was killed', () => {
  it('before its rows were written goes on with the old key', async () => {
    const [handle = ''] = await made(2);
    const before = readFileSync(keyFile, 'utf8');
    writeFileSync(`${keyFile}.next`, '7'.repeat(64), { mode: 0o600 });
    await settleVaultKey(store, keyFile);
    expect(readFileSync(keyFile, 'utf8')).toBe(before);
    expect(existsSync(`${keyFile}.next`)).toBe(false);
    expect(await openSubject(opened(), handle)).toMatchObject(CITIZEN);
  });

  it('after its rows were written goes on with the new one', async () => {
    const [handle = ''] = await made(2);
    copyFileSync(keyFile, join(folder, 'old.key'));
    await rotateVaultKey(store, keyFile);
    renameSync(keyFile, `${keyFile}.next`);
    copyFileSync(join(folder, 'old.key'), keyFile);
    await settleVaultKey(store, keyFile);
    expect(await openSubject(opened(), handle)).toMatchObject(CITIZEN);
    expect(existsSync(`${keyFile}.next`)).toBe(false);
  });
});

describe('a key that is not the vault’s', () => {
  const refused = { name: 'DataFolderRefused', reason: 'damaged', message: expect.stringContaining('put the right one back') };

  it('is refused, and so is none at all; nothing is made in its place', async () => {
    await made(2);
    const own = readFileSync(keyFile, 'utf8');
    writeFileSync(keyFile, '7'.repeat(64));
    await expect(settleVaultKey(store, keyFile)).rejects.toMatchObject(refused);
    await expect(rotateVaultKey(store, keyFile)).rejects.toMatchObject(refused);
    renameSync(keyFile, join(folder, 'gone.key'));
    await expect(settleVaultKey(store, keyFile)).rejects.toMatchObject(refused);
    expect(existsSync(keyFile)).toBe(false);
    writeFileSync(keyFile, own, { mode: 0o600 });
    await settleVaultKey(store, keyFile);
  });

  it('may be any for a vault that holds nothing', async () => {
    writeFileSync(keyFile, '7'.repeat(64));
    await settleVaultKey(store, keyFile);
    expect(await rotateVaultKey(store, keyFile)).toBe(0);
  });

  it('is taken once what the lost one opened is given up, and only that', async () => {
    const lost = await made(3);
    renameSync(keyFile, join(folder, 'lost.key'));
    const created = await createSubject(opened(), input);
    const kept = 'subject' in created ? created.subject : '';
    expect(await forgetUnderOtherKeys(store, keyFile, NOW)).toBe(3);
    await settleVaultKey(store, keyFile);
    expect(await openSubject(opened(), kept)).toMatchObject(CITIZEN);
    for (const handle of lost) expect(await findSubject(opened(), handle)).toMatchObject({ state: 'erased' });
  });
});
