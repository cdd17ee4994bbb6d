/** Rules 7 to 13: what may be written, by whom, once, when, in which form; what can be proved; what is shown. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodePrimitives } from '../../../network/proof/node-primitives.js';
import { parseTrust } from '../../../network/proof/trust.js';
import { verifyReceipt } from '../../../network/proof/verify-receipt.js';
import {
  activeGrant,
  certificateOf,
  expectStatus,
  freshId,
  offerTo,
  openedCase,
  openingOf,
  useOf,
  workerOf,
} from '../../support/api-business.js';
import { hash, sha256 } from '../../support/digests.js';
import { get, post, type Scene, said, transactions, write } from './attempts.js';

const CITIZEN = '11010519491231002X';
const MOBILE = '13800138000';

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((file) => statSync(file, { throwIfNoEntry: false })?.isFile());
}

export function rulesOfWriting(scene: Scene): void {
  const worker = (province: Parameters<typeof workerOf>[1]) => workerOf(scene(), province);

  describe('rule 7: no personal data on the ledger', () => {
    it('in no code, text or id, and a handle tells nobody its number', async () => {
      const agency = worker('310000');
      const caseId = await openedCase(scene(), agency);
      const before = await transactions(scene);
      const attempts: [string, object][] = [
        [`/v1/cases/${caseId}/handoffs`, offerTo(worker('320000'), { reason: MOBILE })],
        [`/v1/cases/${caseId}/materials`, { code: CITIZEN, digest: sha256('form') }],
        ['/v1/cases', openingOf(`31-${CITIZEN}`)],
        ['/v1/certificates', certificateOf(agency, MOBILE)],
      ];
      for (const [path, body] of attempts)
        expect(said(await post(scene, path, agency, body))).toEqual([422, 'privacy.personal-data']);
      expect(await transactions(scene)).toBe(before);
      const person = { type: 'citizen', number: CITIZEN };
      const [one, two] = await Promise.all([1, 2].map(() => write(scene, '/v1/subjects', agency, person)));
      expect(one.subject).toMatch(/^[0-9a-f]{64}$/);
      expect(two.subject).not.toBe(one.subject);
      for (const file of scene().world.folders.flatMap(filesBelow)) {
        const bytes = readFileSync(file);
        for (const secret of [CITIZEN, hash(CITIZEN)]) expect(bytes.includes(secret), file).toBe(false);
      }
    });
  });

  describe('rule 8: nobody writes for another', () => {
    it('not under another’s id, province, role or name', async () => {
      const [own, other] = [worker('310000'), worker('320000')];
      const { world } = scene();
      const claims = { agencyId: own.agencyId, province: '320000', roles: own.roles } as const;
      const elsewhere = { ...own, token: await world.token(claims) };
      expect(said(await post(scene, '/v1/cases', elsewhere, openingOf(freshId('320000', 'case'))))).toEqual([
        401,
        'auth.invalid',
      ]);
      expect(said(await post(scene, '/v1/cases', own, openingOf(freshId('320000', 'case'))))).toEqual([
        400,
        'request.id-invalid',
      ]);
      const caseId = await openedCase(scene(), other);
      expect(said(await post(scene, `/v1/cases/${caseId}/closure`, own))).toEqual([403, 'auth.agency']);
      expect(said(await post(scene, `/v1/cases/${caseId}/closure`, scene().auditor))).toEqual([403, 'auth.role']);
      const foreign = certificateOf(other, freshId('310000', 'c'));
      expect(said(await post(scene, '/v1/certificates', own, foreign))).toEqual([400, 'request.id-invalid']);
      const raised = { ...own, token: await world.token({ ...own, roles: ['registrar'] }) };
      expect(said(await post(scene, '/v1/instruments', raised, {}))).toEqual([403, 'auth.role']);
    });
  });

  describe('rule 9: acknowledged once is kept, and applied once', () => {
    it('however often it is sent under its key, and never with another body', async () => {
      const agency = worker('310000');
      const key = { 'idempotency-key': freshId('310000', 'operation') };
      const body = openingOf(freshId('310000', 'case'));
      const { world } = scene();
      const before = await transactions(scene);
      const answers = await Promise.all(Array.from({ length: 6 }, () => world.post('/v1/cases', agency, body, key)));
      for (const { status } of answers) expect([201, 409]).toContain(status);
      const settled = expectStatus(await world.post('/v1/cases', agency, body, key), 201);
      for (const { status, text } of answers) if (status === 201) expect(text).toBe(settled.text);
      const other = await world.post('/v1/cases', agency, openingOf(freshId('310000', 'case')), key);
      expect(said(other)).toEqual([422, 'idempotency.mismatch']);
      expect(await transactions(scene)).toBe(before + 1);
    });
  });

  describe('rule 10: time is the transaction’s, and recorded time never runs backwards', () => {
    it('whatever a writer says of its own clock', async () => {
      const agency = worker('310000');
      const caseId = await openedCase(scene(), agency);
      const step = { name: 'checked', occurredAt: '2026-01-02T00:00:00Z', digest: sha256('step') };
      const path = `/v1/cases/${caseId}/milestones`;
      for (const surplus of [{ time: '2001-01-01T00:00:00Z' }, { recordedAt: '2036-01-01T00:00:00Z' }])
        expect(said(await post(scene, path, agency, { ...step, ...surplus }))).toEqual([400, 'request.invalid']);
      const { transaction } = await write(scene, path, agency, step);
      const { items } = (await get(scene, `/v1/cases/${caseId}/timeline`, agency)).body;
      const times = items.map(({ time }: { time: string }) => time);
      expect(times.at(-1)).toBe(transaction.time);
      expect(times).toEqual([...times].sort());
    });
  });

  describe('rule 11: ids are ASCII, bounded, and no part of a key is another’s', () => {
    it('which nothing gets round', async () => {
      const agency = worker('310000');
      const before = await transactions(scene);
      const ids = [
        '31-\u0000null-id',
        '31-é-accent',
        '31-ｆｕｌｌ',
        '31~case~other',
        `31-${'x'.repeat(128)}`,
        '31-../../etc',
        '31-a b c',
      ];
      for (const caseId of ids) {
        const { status, body } = await post(scene, '/v1/cases', agency, openingOf(caseId));
        expect([caseId, status, /^request\.(id-)?invalid$/.test(body.code)]).toEqual([caseId, 400, true]);
      }
      expect(await transactions(scene)).toBe(before);
    });
  });

  describe('rule 12: every answer of “valid” can be proved to a third party', () => {
    it('by a receipt that holds, and by none that was touched', async () => {
      const issuer = worker('310000');
      const body = certificateOf(issuer, freshId('310000', 'c'));
      await write(scene, '/v1/certificates', issuer, body);
      const digest = { alg: 'sha-256', value: hash(body.certificateId) };
      const { verdict, receipt } = (await post(scene, '/v1/verify', undefined, { digest, attest: true })).body;
      expect(verdict).toBe('valid');
      const trust = parseTrust((await get(scene, '/v1/trust-anchors')).text);
      const text = JSON.stringify(receipt);
      const judge = (of: string) => verifyReceipt(of, { trust, primitives: nodePrimitives });
      expect((await judge(text)).verdict).toBe('holds');
      const { payload } = receipt as { payload: string };
      const bytes = Buffer.from(payload, 'base64');
      for (const at of [0, Math.floor(bytes.length / 2), bytes.length - 1]) {
        const touched = Buffer.from(bytes);
        touched[at] = (touched[at] ?? 0) ^ 1;
        expect((await judge(text.replace(payload, touched.toString('base64')))).verdict).toBe('fails');
      }
    });
  });

  describe('rule 13: nothing is shown before the look is recorded', () => {
    it('and nothing at all when it cannot be', async () => {
      const [user, opener] = [worker('310000'), worker('320000')];
      const grantId = await activeGrant(scene(), user);
      const { transaction } = await write(scene, `/v1/grants/${grantId}/uses`, user, useOf(user));
      const person = { type: 'citizen', number: CITIZEN };
      const { subject } = await write(scene, '/v1/subjects', opener, person);
      const { store } = scene().world.service.deps;
      const looks = async () => (await store.db.selectFrom('read_log').select('number').execute()).length;
      const looking = [
        () => get(scene, `/v1/grants/${grantId}/uses`, user),
        () => get(scene, `/v1/receipts/${transaction.id}`, user),
        () => post(scene, `/v1/subjects/${subject}/opening`, opener, { reason: 'complaint' }),
      ];
      const before = await looks();
      for (const look of looking) expect((await look()).status).toBeLessThan(300);
      expect(await looks()).toBe(before + looking.length);
      await store.db.schema.alterTable('read_log').renameTo('read_log_away').execute();
      for (const look of looking) {
        const { status, body, text } = await look();
        expect([status, body.code]).toEqual([503, 'ledger.unavailable']);
        for (const shown of ['items', 'payload', 'salt', CITIZEN]) expect(text).not.toContain(shown);
      }
      await store.db.schema.alterTable('read_log_away').renameTo('read_log').execute();
      expect((await get(scene, `/v1/grants/${grantId}/uses`, user)).status).toBe(200);
    });
  });
}
