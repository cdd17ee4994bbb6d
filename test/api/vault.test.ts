import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { resetProjection } from '../../api/projection/tables.js';
import { openSqliteStore, type Store } from '../../api/store/store.js';
import { createSubject } from '../../api/vault/create-subject.js';
import { eraseRecordedSubjects } from '../../api/vault/erase-subjects.js';
import { findSubject, openSubject } from '../../api/vault/find-subject.js';
import { handlesOf } from '../../api/vault/linked-subjects.js';
import type { Person } from '../../api/vault/person.js';
import { seal, unseal } from '../../api/vault/seal.js';
import { openVault, type Vault } from '../../api/vault/vault.js';
import { Refusal } from '../../chaincode/errors.js';
import { freshAgencyId } from '../support/contract-world.js';

const CITIZEN: Person = { type: 'citizen', number: '11010519491231002X' };
const COMPANY: Person = { type: 'company', number: freshAgencyId('310000') };
const NOW = Date.parse('2026-11-02T08:00:00Z');

let folder: string;
let store: Store;
let vault: Vault;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vault-'));
  store = await openSqliteStore(join(folder, 'store.db'));
  await store.db.transaction().execute(resetProjection);
  vault = openVault(store, join(folder, 'vault.key'), () => NOW);
});
afterEach(() => store.close());

const AGENCY = freshAgencyId('310000');

async function handle(person = CITIZEN, changes: Partial<Parameters<typeof createSubject>[1]> = {}): Promise<string> {
  const created = await createSubject(vault, {
    person,
    homeProvince: '310000',
    agency: AGENCY,
    operation: undefined,
    ...changes,
  });
  if (!('subject' in created)) throw new Error(created.outcome);
  return created.subject;
}

const recordErasure = (subject: string, agency = AGENCY) =>
  store.db.insertInto('subject_erasure').values({ subject, agency_id: agency }).execute();

const subjectRows = () => store.db.selectFrom('vault_subject').selectAll().execute();

describe('a handle', () => {
  it('is HMAC-SHA-256 under a 256-bit salt over type and number, and nobody else knows the salt', async () => {
    const subject = await handle();
    const proof = await openSubject(vault, subject);
    expect(proof).toEqual({ ...CITIZEN, salt: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const again = createHmac('sha256', Buffer.from(proof?.salt ?? '', 'hex'))
      .update(`citizen${CITIZEN.number}`)
      .digest('hex');
    expect(again).toBe(subject);
  });

  it('is a new one each time, and the home province links those of one person', async () => {
    const handles = [await handle(), await handle(), await handle()];
    await handle(COMPANY);
    await handle(CITIZEN, { homeProvince: '320000' });
    expect(new Set(handles).size).toBe(3);
    expect(await handlesOf(vault, '310000', CITIZEN)).toEqual(handles.toSorted());
    expect(await handlesOf(vault, '320000', CITIZEN)).toHaveLength(1);
    expect(await handlesOf(vault, '330000', CITIZEN)).toEqual([]);
  });

  it.each([
    ['a check character that does not hold', { type: 'citizen', number: '110105194912310021' }],
    ['a small x', { type: 'citizen', number: '11010519491231002x' }],
    ['a month that is none', { type: 'citizen', number: '110105194913310025' }],
    ['a credit code for a citizen', { type: 'citizen', number: COMPANY.number }],
    ['a citizen number for a company', { type: 'company', number: CITIZEN.number }],
    ['nothing', { type: 'company', number: '' }],
  ] as const)('is not made of %s, and the refusal does not repeat the number', async (_name, person) => {
    const error = await handle(person).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Refusal).code).toBe('request.id-invalid');
    if (person.number) expect(JSON.stringify(error) + (error as Refusal).message).not.toContain(person.number);
  });

  it('is the first one again for the same idempotency key, and another body under that key is told apart', async () => {
    const operation = 'k'.repeat(20);
    const input = { person: CITIZEN, homeProvince: '310000', agency: AGENCY, operation } as const;
    const first = await createSubject(vault, input);
    expect(first.outcome).toBe('created');
    expect(await createSubject(vault, input)).toEqual({ ...first, outcome: 'replayed' });
    expect(await createSubject(vault, { ...input, person: COMPANY })).toEqual({ outcome: 'mismatch' });
    expect(await createSubject(vault, { ...input, homeProvince: '320000' })).toEqual({ outcome: 'mismatch' });
    expect((await createSubject(vault, { ...input, agency: freshAgencyId('310000') })).outcome).toBe('created');
  });

  it('is made once when the same key comes many times at once', async () => {
    const input = { person: CITIZEN, homeProvince: '310000', agency: AGENCY, operation: 'k'.repeat(20) } as const;
    const all = await Promise.all(Array.from({ length: 20 }, () => createSubject(vault, input)));
    expect(new Set(all.map((created) => 'subject' in created && created.subject)).size).toBe(1);
    expect(all.filter((created) => created.outcome === 'created')).toHaveLength(1);
  });
});

describe('what lies on the disk', () => {
  it('holds no number and no salt in clear', async () => {
    const proof = await openSubject(vault, await handle());
    await handle(COMPANY, { operation: 'k'.repeat(20) });
    for (const name of readdirSync(folder)) {
      const bytes = readFileSync(join(folder, name));
      for (const secret of [
        CITIZEN.number,
        COMPANY.number,
        proof?.salt ?? '',
        Buffer.from(CITIZEN.number).toString('base64').slice(0, 20),
      ])
        expect(bytes.includes(secret), `${secret} in ${name}`).toBe(false);
    }
  });

  it('keeps its key for the owner alone and refuses a key that everybody may read', () => {
    const file = join(folder, 'vault.key');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    writeFileSync(join(folder, 'open.key'), '0'.repeat(64), { mode: 0o644 });
    expect(() => openVault(store, join(folder, 'open.key'), () => NOW)).toThrow(/open to every user/);
    writeFileSync(join(folder, 'short.key'), 'abc', { mode: 0o600 });
    expect(() => openVault(store, join(folder, 'short.key'), () => NOW)).toThrow(/64 hexadecimal/);
  });

  it('opens for the same key only, and no row opens under another handle', async () => {
    const subject = await handle();
    expect(
      await openSubject(
        openVault(store, join(folder, 'vault.key'), () => NOW),
        subject,
      ),
    ).toMatchObject(CITIZEN);
    await expect(
      openSubject(
        openVault(store, join(folder, 'other.key'), () => NOW),
        subject,
      ),
    ).rejects.toThrow();
    const key = Buffer.alloc(32, 7);
    const sealed = seal(key, 'a'.repeat(64), 'text');
    expect(unseal(key, 'a'.repeat(64), sealed)).toBe('text');
    expect(() => unseal(key, 'b'.repeat(64), sealed)).toThrow();
    const bytes = Buffer.from(sealed, 'base64');
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    expect(() => unseal(key, 'a'.repeat(64), bytes.toString('base64'))).toThrow();
  });
});

describe('erasure', () => {
  it('takes salt, number and link once the maker’s entry is on the ledger', async () => {
    const subject = await handle(CITIZEN, { operation: 'k'.repeat(20) });
    const kept = await handle();
    await recordErasure(subject);
    expect(await eraseRecordedSubjects(vault)).toEqual([subject]);
    expect(await openSubject(vault, subject)).toBeUndefined();
    expect(await findSubject(vault, subject)).toEqual({ subject, agency: AGENCY, homeProvince: '310000', state: 'erased' });
    expect(await handlesOf(vault, '310000', CITIZEN)).toEqual([kept]);
    const row = await store.db.selectFrom('vault_subject').selectAll().where('subject', '=', subject).executeTakeFirstOrThrow();
    expect([row.sealed, row.person, row.fingerprint, row.erased_at]).toEqual([null, null, null, '2026-11-02T08:00:00.000Z']);
    expect(await eraseRecordedSubjects(vault)).toEqual([]);
  });

  it('leaves nothing that is made of the number, in no table of the store', async () => {
    const subject = await handle(CITIZEN, { operation: 'k'.repeat(20) });
    const before = await store.db
      .selectFrom('vault_subject')
      .selectAll()
      .where('subject', '=', subject)
      .executeTakeFirstOrThrow();
    await recordErasure(subject);
    await eraseRecordedSubjects(vault);
    const rows = [...(await store.db.selectFrom('submission').selectAll().execute()), ...(await subjectRows())];
    expect(rows).toHaveLength(2);
    for (const trace of [before.fingerprint, before.person, before.sealed]) {
      expect(trace?.length).toBeGreaterThan(60);
      expect(JSON.stringify(rows)).not.toContain(trace);
    }
  });

  it('leaves nothing of the salt on the disk, not even encrypted', async () => {
    const subject = await handle();
    const kept = await handle();
    const sealedOf = async (wanted: string) =>
      (await store.db.selectFrom('vault_subject').select('sealed').where('subject', '=', wanted).executeTakeFirstOrThrow())
        .sealed ?? '';
    const [gone, stays] = [await sealedOf(subject), await sealedOf(kept)];
    await recordErasure(subject);
    await eraseRecordedSubjects(vault);
    const onDisk = (text: string) => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(text));
    expect(gone.length).toBeGreaterThan(100);
    expect(onDisk(gone)).toEqual([]);
    expect(onDisk(stays)).toContain('store.db');
  });

  it('leaves a key that gives nobody the handle again, whoever is asked for', async () => {
    const operation = 'k'.repeat(20);
    await recordErasure(await handle(CITIZEN, { operation }));
    await eraseRecordedSubjects(vault);
    const again = { homeProvince: '310000', agency: AGENCY, operation } as const;
    for (const person of [CITIZEN, COMPANY])
      expect(await createSubject(vault, { ...again, person })).toEqual({ outcome: 'erased' });
  });

  it('is done over when the disk was not scrubbed, also by a process that starts later', async () => {
    const subject = await handle();
    const sealed = String((await subjectRows())[0]?.sealed);
    await recordErasure(subject);
    const failing = { ...store, scrub: () => Promise.reject(new Error('the log of the store is in use')) };
    await expect(eraseRecordedSubjects({ ...vault, store: failing })).rejects.toThrow('in use');
    expect(await openSubject(vault, subject)).toBeUndefined();
    expect(await findSubject(vault, subject)).toMatchObject({ state: 'erased' });
    const onDisk = () => readdirSync(folder).filter((name) => readFileSync(join(folder, name)).includes(sealed));
    expect(onDisk()).not.toEqual([]);
    expect(await eraseRecordedSubjects(vault)).toEqual([subject]);
    expect(onDisk()).toEqual([]);
    expect(await eraseRecordedSubjects(vault)).toEqual([]);
  });

  it('ignores entries of agencies that did not make the handle', async () => {
    const subject = await handle();
    await recordErasure(subject, freshAgencyId('310000'));
    expect(await eraseRecordedSubjects(vault)).toEqual([]);
    expect(await openSubject(vault, subject)).toMatchObject(CITIZEN);
  });

  it('happens again in a vault that was restored from before it', async () => {
    const subject = await handle();
    const backup = await store.db.selectFrom('vault_subject').selectAll().execute();
    await recordErasure(subject);
    await eraseRecordedSubjects(vault);
    await store.db.deleteFrom('vault_subject').execute();
    await store.db.insertInto('vault_subject').values(backup).execute();
    expect(await openSubject(vault, subject)).toMatchObject(CITIZEN);
    expect(await eraseRecordedSubjects(vault)).toEqual([subject]);
    expect(await openSubject(vault, subject)).toBeUndefined();
  });
});
