import { beforeAll, describe, expect, it } from 'vitest';
import { content, issue, licenceId, original } from '../support/certificate-content.js';
import { type Actor, ContractWorld, freshAgencyId } from '../support/contract-world.js';
import { hash } from '../support/digests.js';
import { createEditors, publishEntry, serviceItem } from '../support/published-entry.js';
import { writeSet } from '../support/write-set.js';

const ISSUE = 'certificate:IssueCertificate';

describe('issuing a certificate', () => {
  let world: ContractWorld;
  let issuer: Actor;
  let other: Actor;

  beforeAll(async () => {
    world = await ContractWorld.create();
    issuer = await world.agency('310000', ['certificate-issuer']);
    other = await world.agency('320000', ['certificate-issuer']);
  });

  it('writes the certificate, one key for each digest, the operation, and nothing else', async () => {
    const sm3 = { alg: 'sm3', value: hash('first sm3'), role: 'original' } as const;
    const stated = content(issuer, 'first', { digests: [original('first'), sm3] });
    const { certificateId } = stated;
    const recordedAt = new Date(world.now).toISOString();
    const accepted = await world.submit(issuer, ISSUE, stated);
    const record = {
      ...stated,
      issuer: issuer.agencyId,
      province: '310000',
      issuedAt: recordedAt,
      transaction: accepted.transactionId,
      changes: [],
      recordedAt,
    };
    expect(writeSet(accepted, issuer, ISSUE)).toEqual({
      [`certificate~${certificateId}`]: record,
      [`certificate-digest~sha-256~${hash('first')}`]: { certificateId, role: 'original', recordedAt },
      [`certificate-digest~sm3~${hash('first sm3')}`]: { certificateId, role: 'original', recordedAt },
    });
    expect(accepted.record).toEqual({ ...record, status: 'valid' });
  });

  it('answers with the status that its dates give it', async () => {
    const future = await world.submit(issuer, ISSUE, content(issuer, 'future', { validFrom: '2030-01-01T00:00:00Z' }));
    const { validTo: _open, ...open } = content(issuer, 'open');
    const past = { validFrom: '2001-01-01T00:00:00Z', validTo: '2002-01-01T00:00:00Z' };
    expect(future.record.status).toBe('not-yet-valid');
    expect((await world.submit(issuer, ISSUE, open)).record.status).toBe('valid');
    expect((await world.submit(issuer, ISSUE, content(issuer, 'past', past))).record.status).toBe('expired');
  });

  it('takes a GB/T 36904 identifier that names the caller, and keeps the family that renewals share', async () => {
    const first = await world.submit(issuer, ISSUE, content(issuer, 'a', { certificateId: licenceId(issuer.agencyId, 'L7') }));
    const next = content(issuer, 'b', { certificateId: licenceId(issuer.agencyId, 'L7', '002') });
    const renewed = await world.submit(issuer, ISSUE, next);
    expect(first.record.family).toBe(`1.2.156.3005.2.11100000MB0X123456789.${issuer.agencyId}.L7`);
    expect(renewed.record.family).toBe(first.record.family);
    expect(renewed.record.certificateId).not.toBe(first.record.certificateId);
  });

  it('takes a GB/T 36904 identifier whose issuer is a division code', async () => {
    const certificateId = licenceId('310104', 'L8');
    const accepted = await world.submit(issuer, ISSUE, content(issuer, 'c', { certificateId }));
    expect(accepted.record).toMatchObject({ certificateId, issuer: issuer.agencyId });
  });

  it('refuses a GB/T 36904 identifier of another agency, whether it is registered or not', async () => {
    for (const agencyId of [other.agencyId, freshAgencyId('310000')]) {
      const refusal = await world.refusal(issuer, ISSUE, content(issuer, 'd', { certificateId: licenceId(agencyId, 'L9') }));
      expect(refusal.code).toBe('certificate.issuer');
      expect(refusal.facts.fields?.[0]?.path).toBe('/certificateId');
    }
  });

  const good = licenceId(freshAgencyId('310000'), 'L1');
  const otherCheck = good.endsWith('0') ? '1' : '0';
  it.each([
    ['a wrong check character', () => good.slice(0, -1) + otherCheck],
    ['a part too few', () => good.slice(0, good.lastIndexOf('.'))],
    ['no prefix at all', () => 'licence-0001'],
    ['another agency as its prefix', () => `${other.agencyId}-0001`],
    ['the caller without a hyphen', () => `${issuer.agencyId}0001`],
    ['nothing after the hyphen', () => `${issuer.agencyId}-`],
    ['a separator of state keys', () => `${issuer.agencyId}-a~b`],
    ['more than 128 characters', () => `${issuer.agencyId}-${'a'.repeat(128)}`],
  ])('refuses an id with %s', async (_what, certificateId) => {
    const refusal = await world.refusal(issuer, ISSUE, content(issuer, 'e', { certificateId: certificateId() }));
    expect(refusal.code).toBe('request.id-invalid');
  });

  it('refuses an id of the issuer’s making that holds a citizen or a mobile number', async () => {
    for (const number of ['11010519491231002X', '13800138000', '138-0013-8000']) {
      const refusal = await world.refusal(issuer, ISSUE, content(issuer, number));
      expect(refusal.code).toBe('privacy.personal-data');
      expect(refusal.message).not.toContain(number);
    }
  });

  it('refuses a GB/T 36904 identifier whose serial is a citizen number, and takes other serials of digits', async () => {
    for (const serial of ['11010519491231002X', 'A11010519491231002X', 'B11010519491231002XC01'])
      expect(
        (await world.refusal(issuer, ISSUE, content(issuer, 'h', { certificateId: licenceId('310104', serial) }))).code,
      ).toBe('privacy.personal-data');
    for (const serial of ['110105194912310021', '911010519491231002X', '13800138000'])
      await issue(world, issuer, serial.slice(0, 5), { certificateId: licenceId('310104', serial), digests: [original(serial)] });
  });

  it('refuses an id that is taken, also to its own issuer', async () => {
    const certificateId = await issue(world, issuer, 'taken');
    const again = content(issuer, 'taken', { digests: [original('taken again')] });
    expect((await world.refusal(issuer, ISSUE, again)).code).toBe('certificate.exists');
    expect(world.read(`certificate-digest~sha-256~${hash('taken again')}`)).toBeUndefined();
    expect(world.read(`certificate~${certificateId}`)).toMatchObject({ digests: content(issuer, 'taken').digests });
  });

  it('refuses a digest that is on the ledger under another certificate, also of another issuer', async () => {
    await issue(world, issuer, 'digest', { digests: [original('one document')] });
    const same = { digests: [{ alg: 'sm3', value: hash('fresh'), role: 'original' }, original('one document')] };
    expect((await world.refusal(issuer, ISSUE, content(issuer, 'digest-2', same))).code).toBe('certificate.digest');
    expect((await world.refusal(other, ISSUE, content(other, 'digest-3', same))).code).toBe('certificate.digest');
    expect(world.read(`certificate-digest~sm3~${hash('fresh')}`)).toBeUndefined();
  });

  it('keeps one value under two algorithms apart', async () => {
    const value = hash('one value');
    await issue(world, issuer, 'alg-1', { digests: [{ alg: 'sha-256', value, role: 'original' }] });
    await issue(world, issuer, 'alg-2', { digests: [{ alg: 'sm3', value, role: 'original' }] });
    expect(world.read(`certificate-digest~sm3~${value}`)).toMatchObject({ certificateId: `${issuer.agencyId}-alg-2` });
  });

  it.each([
    ['no digest', { digests: [] }, '/digests'],
    ['an algorithm twice', { digests: [original('x'), original('y')] }, '/digests'],
    ['a digest of a copy', { digests: [{ ...original('x'), role: 'annotated-copy' }] }, '/digests/0/role'],
    ['an upper-case digest', { digests: [{ ...original('x'), value: 'A'.repeat(64) }] }, '/digests/0/value'],
    ['an unknown algorithm', { digests: [{ ...original('x'), alg: 'md5' }] }, '/digests/0/alg'],
    ['an end before its beginning', { validTo: '2025-12-31T23:59:59Z' }, '/validTo'],
    ['an end at its beginning', { validTo: '2026-01-01T00:00:00.000Z' }, '/validTo'],
    ['a day that does not exist', { validFrom: '2026-02-30T00:00:00Z' }, '/validFrom'],
    ['a plain identity number as its subject', { subject: '11010519491231002X' }, '/subject'],
    ['a capture without its method', { capture: { system: 'a', version: '1', capturedAt: '2026-01-01T00:00:00Z' } }, '/capture'],
    ['a field that nobody knows', { holderName: '张三' }, ''],
  ])('refuses %s', async (_what, changes, path) => {
    const refusal = await world.refusal(issuer, ISSUE, content(issuer, 'f', changes));
    expect(refusal.code).toBe('request.invalid');
    expect(refusal.facts.fields?.map((field) => field.path)).toContain(path);
  });

  it('refuses agencies that are no certificate issuers', async () => {
    for (const role of ['case-handler', 'auditor'] as const) {
      const agency = await world.agency('310000', [role]);
      expect((await world.refusal(agency, ISSUE, content(agency, 'g'))).code).toBe('auth.role');
    }
  });

  it('refuses an issuer from the block after it was deactivated', async () => {
    const agency = await world.agency('330000', ['certificate-issuer']);
    await issue(world, agency, 'before');
    const registrar = world.registrars.get('330000') as Actor;
    await world.submit(registrar, 'registry:DeactivateAgency', { agencyId: agency.agencyId, reason: 'merged' });
    expect((await world.refusal(agency, ISSUE, content(agency, 'after'))).code).toBe('auth.invalid');
  });

  describe('in a case', () => {
    const caseId = '32-move-0001';

    beforeAll(async () => {
      const editors = await createEditors(world);
      const handler = await world.agency('320000', ['case-handler']);
      await publishEntry(world, editors, 'service-items', serviceItem('licence', { '320000': [handler.agencyId] }, {}));
      await world.submit(handler, 'case:OpenCase', {
        caseId,
        itemCode: 'licence',
        itemVersion: 1,
        mode: 'standard',
        channel: 'online',
        subject: hash('subject'),
        materials: [],
      });
    });

    it('names the catalogue version that the case runs under, also across provinces', async () => {
      const accepted = await world.submit(issuer, ISSUE, content(issuer, 'case-1', { caseId }));
      expect(accepted.record).toMatchObject({ caseId, item: { code: 'licence', version: 1 } });
      expect(Object.keys(writeSet(accepted, issuer, ISSUE))).not.toContain(`case~${caseId}`);
    });

    it('refuses a case that is not on the ledger or could not be', async () => {
      const unknown = await world.refusal(issuer, ISSUE, content(issuer, 'case-2', { caseId: '32-move-0002' }));
      expect(unknown.code).toBe('case.not-found');
      const malformed = await world.refusal(issuer, ISSUE, content(issuer, 'case-3', { caseId: 'a~b' }));
      expect(malformed.code).toBe('request.id-invalid');
    });
  });
});
