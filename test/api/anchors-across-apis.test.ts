import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tagsOf } from '../../chaincode/transactions/anchor/batch.js';
import { recordTag } from '../../chaincode/transactions/anchor/record.js';
import { type Business, createBusiness, expectStatus, openedCase, workerOf } from '../support/api-business.js';
import type { ApiAgency } from '../support/api-world.js';
import { sha256 } from '../support/digests.js';
import { HeldLedger } from '../support/held-ledger.js';
import { allBlocks } from '../support/ledger-world.js';
import { openSecondApi, type SecondApi } from '../support/second-api.js';

const NDJSON = { 'content-type': 'application/x-ndjson' };
let serial = 0;

function line(changes: object = {}) {
  const recordId = `x-${++serial}`;
  return { recordId, kind: 'milestone', digest: sha256(recordId), occurredAt: '2026-11-02T01:02:03Z', ...changes };
}
type Line = ReturnType<typeof line>;

describe('two APIs that write for one agency and share nothing but the ledger', () => {
  let business: Business;
  let held: HeldLedger;
  let second: SecondApi;
  let writer: ApiAgency;
  beforeAll(async () => {
    business = await createBusiness();
    held = new HeldLedger();
    second = await openSecondApi(business.world, held.between);
    writer = workerOf(business, '310000');
  });
  afterAll(async () => {
    held.release();
    await second.close();
    await business.world.close();
  });

  const text = (all: readonly object[]) => all.map((one) => JSON.stringify(one)).join('\n');
  const postHere = async (...all: readonly object[]) => {
    const headers = { ...NDJSON, authorization: `Bearer ${writer.token}` };
    const answer = await business.world.send('POST', '/v1/anchors?wait=true', headers, text(all));
    await second.catchUp();
    return answer.body;
  };
  const postThere = async (query: string, ...all: readonly object[]) =>
    (await second.send('POST', `/v1/anchors${query}`, writer, NDJSON, text(all))).body;
  /** Without receipts: each API asks the peers for itself, and they sign each time anew. */
  const bare = (body: object) => JSON.parse(JSON.stringify(body, (name, value) => (name === 'receipt' ? undefined : value)));
  const here = async (path: string) => bare((await business.world.get(path, writer)).body);
  const there = async (path: string) => bare((await second.send('GET', path, writer)).body);
  const anchor = ({ recordId }: Line) => `/v1/anchors/${recordId}`;

  async function timesOnLedger({ recordId }: Line): Promise<number> {
    const tag = recordTag(writer.agencyId, recordId);
    const transactions = (await allBlocks(business.world.below.ledger)).flatMap((block) => block.transactions);
    return transactions
      .filter(({ function: fn, validationCode }) => fn === 'anchor:AnchorRecords' && validationCode === 'VALID')
      .flatMap(({ argument }) => tagsOf(Buffer.from(JSON.parse(argument).input.tags, 'base64')))
      .filter((found) => found === tag).length;
  }

  it('give the same proof, the one from its store and the other from the chain alone', async () => {
    const [plain, ofCase] = [line(), line({ caseId: '31-some-case' })];
    await postHere(line(), plain, ofCase);
    const { record, ...proof } = await here(anchor(plain));
    expect(record).toEqual({ agency: writer.agencyId, ...plain });
    expect(await there(anchor(plain))).toEqual(proof);
    expect(await there(anchor(ofCase))).toEqual(await here(anchor(ofCase)));
  });

  it('know a record that the other took in as soon as it is sent to them, and do not anchor it again', async () => {
    const [sent, other] = [line(), line()];
    await postHere(sent, other);
    expect(await postThere('', sent, other)).toEqual({ accepted: 2, rejected: [] });
    for (const one of [sent, other]) expect(await there(anchor(one))).toEqual(await here(anchor(one)));
    expect(await there(`/v1/anchors?digest=${sent.digest.value}`)).toEqual(await here(anchor(sent)));
    expect(await timesOnLedger(sent)).toBe(1);
  });

  it('reject another record under an id that the other has anchored, with its proof', async () => {
    const sent = line();
    await postHere(sent);
    const { record: _, ...proof } = await here(anchor(sent));
    const answer = await postThere('', { ...sent, digest: sha256('another') });
    expect(bare(answer)).toEqual({ accepted: 0, rejected: [{ line: 1, code: 'anchor.exists', proof }] });
    expect(await there(anchor(sent))).toEqual(proof);
  });

  it('agree on the first in block order when both took an id in before they heard of each other', async () => {
    const caseId = await openedCase(business, writer);
    held.hold();
    const first = line({ caseId });
    const later = { ...first, digest: sha256('later') };
    expect(await postThere('', later, line())).toEqual({ accepted: 2, rejected: [] });
    await postHere(first);
    const standing = await here(anchor(first));
    const { record, ...proof } = standing;
    expect(record).toEqual({ agency: writer.agencyId, ...first });
    held.release();
    await expect.poll(() => timesOnLedger(first)).toBe(2);
    await second.catchUp();
    expect(await here(anchor(first))).toEqual(standing);
    expect(await there(anchor(first))).toEqual({ status: 'void', record: { agency: writer.agencyId, ...later }, first: proof });
    const listed = await here(`/v1/cases/${caseId}/anchored`);
    expect(listed.items.map(({ digest }: Line) => digest)).toEqual([first.digest]);
    expect((await there(`/v1/cases/${caseId}/anchored`)).items).toEqual(listed.items);
  });
});

describe('records anchored under a case', () => {
  let business: Business;
  let writer: ApiAgency;
  beforeAll(async () => {
    business = await createBusiness();
    writer = workerOf(business, '310000');
  });
  afterAll(() => business.world.close());

  const post = (agency: ApiAgency, ...all: readonly object[]) =>
    business.world.post('/v1/anchors?wait=true', agency, all).then((answer) => expectStatus(answer, 202));

  it('are listed in block order, page by page, with who anchored them', async () => {
    const { world } = business;
    const caseId = await openedCase(business, writer);
    const stranger = workerOf(business, '340000');
    const own = [line({ caseId }), line(), line({ caseId }), line({ caseId: `${caseId}x` })];
    await post(writer, ...own);
    const theirs = line({ caseId });
    await post(stranger, theirs);
    const path = `/v1/cases/${caseId}/anchored`;
    const first = await world.get(`${path}?limit=2`, writer);
    const rest = await world.get(`${path}?limit=2&cursor=${first.body.nextCursor}`, writer);
    expect(rest.body.nextCursor).toBeUndefined();
    const items = [...first.body.items, ...rest.body.items];
    const { batchId, transaction } = (await world.get(`/v1/anchors/${own[0]?.recordId}`, writer)).body;
    const shown = ({ recordId, kind, digest, occurredAt }: Line) => ({ recordId, kind, digest, occurredAt });
    const agency = writer.agencyId;
    expect(items.slice(0, 2)).toEqual([
      { ...shown(own[0] as Line), agency, party: true, batchId, index: 0, transaction },
      { ...shown(own[2] as Line), agency, party: true, batchId, index: 2, transaction },
    ]);
    expect(items.slice(2)).toMatchObject([{ ...shown(theirs), agency: stranger.agencyId, party: false, index: 0 }]);
    expect((await world.get(`/v1/cases/${caseId}`, writer)).body.entries).toBe(1);
  });

  it('are shown to who may read the case, and to nobody else', async () => {
    const { world } = business;
    const caseId = await openedCase(business, writer);
    const path = `/v1/cases/${caseId}/anchored`;
    for (const reader of [writer, business.department, business.auditor])
      expect((await world.get(path, reader)).body).toEqual({ items: [] });
    expect((await world.get(path, workerOf(business, '340000'))).body).toMatchObject({ status: 403, code: 'auth.agency' });
    expect((await world.get('/v1/cases/31-no-such/anchored', writer)).body.code).toBe('case.not-found');
  });
});
