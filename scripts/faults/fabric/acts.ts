/** The writes that faults make: each can be asked for again under its operation, and none may happen twice. */
import { randomBytes } from 'node:crypto';
import type { Agency, Write } from './client.js';
import { DATA_SET, digestOf, ITEM } from './stage.js';

export function freshName(): string {
  return randomBytes(9)
    .toString('hex')
    .replace(/[0-9]/g, (digit) => 'ghjkmnpqrt'[Number(digit)] as string);
}

function act(agency: Agency, name: string, input: object): Write {
  return { agency, operation: `fault-${freshName()}`, function: name, input };
}

const idOf = ({ province }: Agency, kind: string) => `${province.slice(0, 2)}-${kind}-${freshName()}`;

/** Needs no stage: a province's registrar enters a legal instrument. */
export function instrument(registrar: Agency, code = `fault-${freshName()}`): Write {
  const title = { zh: '故障演练文书' };
  const content = { code, title, issuer: '测试', effectiveFrom: '2026-01-01T00:00:00Z', digest: digestOf(code) };
  return act(registrar, 'registry:RegisterInstrument', content);
}

export function certificate(issuer: Agency): Write {
  const name = freshName();
  return act(issuer, 'certificate:IssueCertificate', {
    certificateId: `${issuer.agencyId}-${name}`,
    typeCode: 'food-licence',
    subject: digestOf(`subject ${name}`).value,
    digests: [{ ...digestOf(name), role: 'original' }],
    validFrom: '2026-01-01T00:00:00Z',
    capture: { system: 'faults', version: '1', method: 'generated', capturedAt: '2026-01-01T00:00:00Z' },
  });
}

export function opening(holder: Agency): Write & { readonly caseId: string } {
  const caseId = idOf(holder, 'case');
  const write = act(holder, 'case:OpenCase', {
    caseId,
    itemCode: ITEM,
    itemVersion: 1,
    mode: 'standard',
    channel: 'online',
    subject: digestOf(caseId).value,
    materials: [{ code: 'application-form', digest: digestOf('form') }],
  });
  return { ...write, caseId };
}

export function offer(holder: Agency, to: Agency, caseId: string): Write {
  return act(holder, 'case:OfferHandoff', {
    caseId,
    to: to.agencyId,
    reason: 'next-step',
    manifest: [{ code: 'application-form', digest: digestOf('form') }],
    dueAt: '2099-01-01T00:00:00Z',
  });
}

export function acceptance(receiver: Agency, caseId: string): Write {
  return act(receiver, 'case:AcceptHandoff', { caseId, handoff: 1 });
}

const PURPOSE = { itemCode: ITEM, code: 'fault-drill' };

/** Of a data set that is granted without asking, so active at once. */
export function grantRequest(user: Agency, provider: Agency, maxUses: number): Write & { readonly grantId: string } {
  const grantId = idOf(user, 'grant');
  const times = { validFrom: '2026-01-01T00:00:00Z', validTo: '2099-01-01T00:00:00Z' };
  const terms = { dataSet: DATA_SET, version: 1, province: provider.province, purpose: PURPOSE, fields: ['status'] };
  return { ...act(user, 'grant:RequestGrant', { grantId, ...terms, ...times, maxUses }), grantId };
}

export function use(user: Agency, grantId: string): Write {
  const useId = idOf(user, 'use');
  const input = { grantId, useId, purpose: PURPOSE, fields: ['status'], queryDigest: digestOf(`keyed ${useId}`) };
  return act(user, 'grant:UseGrant', input);
}

export function revocation(provider: Agency, grantId: string): Write {
  return act(provider, 'grant:RevokeGrant', { grantId, reason: 'fault-drill' });
}
