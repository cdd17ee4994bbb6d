import { Check } from 'typebox/value';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  activeGrant,
  type Business,
  certificateOf,
  createBusiness,
  DATA_SET,
  expectStatus,
  freshId,
  ITEM,
  offerTo,
  openedCase,
  openingOf,
  useOf,
  workerOf,
} from '../support/api-business.js';
import type { ApiAgency, ApiResponse } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';
import { PERSON } from '../support/trace-world.js';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content: Readonly<Record<string, { readonly schema: object }>> }>>;
}

describe('what the OpenAPI document says of answers', () => {
  let business: Business;
  let opener: ApiAgency;
  let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  beforeAll(async () => {
    business = await createBusiness();
    opener = workerOf(business, '310000');
    paths = (await business.world.get('/openapi.json')).body.paths;
  });
  afterAll(() => business.world.close());

  const schemaOf = (method: string, template: string, { status, headers }: ApiResponse) => {
    const type = String(headers['content-type']).split(';')[0] as string;
    const schema = paths[template]?.[method]?.responses[status]?.content[type]?.schema;
    if (!schema) throw new Error(`${method} ${template} is not said to answer ${status} ${type}`);
    return schema;
  };
  const expectDescribed = (method: string, template: string, answer: ApiResponse) => {
    const schema = schemaOf(method, template, answer);
    expect(Check(schema, answer.body), `${method} ${template} ${answer.text}`).toBe(true);
    expect(
      Check(schema, { ...answer.body, code: 7, kind: 7, caseId: 7, items: 7, entries: 'all', verdict: 7, certificateId: 7 }),
    ).toBe(false);
  };

  it('holds for what everybody reads', async () => {
    const reads = [
      ['/v1/agencies', '/v1/agencies'],
      ['/v1/agencies/{agencyId}', `/v1/agencies/${opener.agencyId}`],
      ['/v1/catalogue/{kind}', '/v1/catalogue/service-items'],
      ['/v1/catalogue/{kind}/{code}', `/v1/catalogue/data-sets/${DATA_SET}`],
      ['/v1/catalogue/{kind}/{code}/versions/{version}', `/v1/catalogue/service-items/${ITEM}/versions/1`],
      ['/v1/catalogue/{kind}/{code}/versions/{version}/diff', `/v1/catalogue/service-items/${ITEM}/versions/1/diff`],
      ['/v1/catalogue/editions', '/v1/catalogue/editions'],
      ['/v1/catalogue/editions/{number}', '/v1/catalogue/editions/2'],
    ] as const;
    for (const [template, path] of reads) expectDescribed('get', template, expectStatus(await business.world.get(path), 200));
  });

  it('holds for a case, its hand-off and its timeline, written and read', async () => {
    const { world } = business;
    const receiver = workerOf(business, '320000');
    const opened = await world.post('/v1/cases', opener, openingOf(freshId('310000', 'case')));
    expect(opened.status).toBe(201);
    expect(Check(schemaOf('post', '/v1/cases', opened), opened.body)).toBe(true);
    expect(Check(schemaOf('post', '/v1/cases', opened), { ...opened.body, record: { status: 'open' } })).toBe(false);
    const path = `/v1/cases/${opened.body.record.caseId}`;
    const offered = await world.post(`${path}/handoffs`, opener, offerTo(receiver));
    expect(Check(schemaOf('post', '/v1/cases/{caseId}/handoffs', offered), offered.body)).toBe(true);
    expectDescribed('get', '/v1/cases/{caseId}', await world.get(path, opener));
    expectDescribed('get', '/v1/cases/{caseId}/timeline', await world.get(`${path}/timeline`, opener));
    expectDescribed('get', '/v1/cases/{caseId}/handoffs/{handoff}', await world.get(`${path}/handoffs/1`, receiver));
    expectDescribed('get', '/v1/cases', await world.get('/v1/cases', opener));
  });

  it('holds for a certificate and its verdict', async () => {
    const { world } = business;
    const content = certificateOf(opener, 'DESCRIBED-1');
    const issued = await world.post('/v1/certificates', opener, content);
    expect(Check(schemaOf('post', '/v1/certificates', issued), issued.body)).toBe(true);
    const path = `/v1/certificates/${content.certificateId}`;
    expectDescribed('get', '/v1/certificates/{certificateId}', await world.get(path, opener));
    expectDescribed('get', '/v1/certificates/{certificateId}/history', await world.get(`${path}/history`, opener));
    const { alg, value } = issued.body.record.digests[0];
    expectDescribed('post', '/v1/verify', await world.post('/v1/verify', undefined, { digest: { alg, value } }));
    expectDescribed('post', '/v1/verify', await world.post('/v1/verify', undefined, { digest: sha256('nobody’s') }));
  });

  it('holds for the erasure of a subject, which answers 200', async () => {
    const { world } = business;
    const person = { type: 'citizen', number: '11010519491231002X' };
    const { subject } = expectStatus(await world.post('/v1/subjects', opener, person), 201).body;
    const erased = await world.send('DELETE', `/v1/subjects/${subject}`, { authorization: `Bearer ${opener.token}` });
    const schema = schemaOf('delete', '/v1/subjects/{subject}', expectStatus(erased, 200));
    expect(Check(schema, erased.body)).toBe(true);
    expect(Check(schema, { transaction: erased.body.transaction })).toBe(false);
  });

  it('holds for traces, and for what a person sees', async () => {
    const { world } = business;
    const subject = expectStatus(await world.post('/v1/subjects', opener, PERSON), 201).body.subject;
    const caseId = await openedCase(business, opener, { subject });
    const grantId = await activeGrant(business, opener, { subject, caseId });
    for (const fields of [['status'], ['place']])
      await world.post(`/v1/grants/${grantId}/uses`, opener, useOf(opener, { subject, fields }));
    const auditor = await world.agency('310000', ['auditor'], 'auditor');
    for (const query of [`subject=${subject}`, `agency=${opener.agencyId}`, `dataSet=${DATA_SET}`])
      expectDescribed('get', '/v1/trace', expectStatus(await world.get(`/v1/trace?${query}`, auditor), 200));
    const portal = await world.agency('310000', ['application'], 'portal');
    for (const path of ['/v1/subjects/trace', '/v1/subjects/cases']) {
      const answer = expectStatus(await world.post(path, portal, PERSON), 200);
      expect(answer.body.items.length).toBeGreaterThan(0);
      expectDescribed('post', path, answer);
    }
  });

  it('names the content type that a body must have wherever a body is read', async () => {
    const caseId = await openedCase(business, opener);
    const text = { 'content-type': 'text/plain', authorization: `Bearer ${opener.token}` };
    for (const [template, path] of [
      ['/v1/cases/{caseId}/milestones', `/v1/cases/${caseId}/milestones`],
      ['/v1/subjects', '/v1/subjects'],
      ['/v1/subjects/{subject}/opening', `/v1/subjects/${'a'.repeat(64)}/opening`],
    ] as const) {
      const answer = await business.world.send('POST', path, text, 'text');
      expect([answer.status, answer.body.code]).toEqual([415, 'request.media-type']);
      expectDescribed('post', template, answer);
    }
  });
});
