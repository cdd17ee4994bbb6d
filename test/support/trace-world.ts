/** Something to trace: one person's two matters, a grant that is used, misused and reached for, and a certificate. */
import { activeGrant, type Business, certificateOf, expectStatus, freshId, openedCase, useOf, workerOf } from './api-business.js';
import type { ApiAgency, ApiResponse } from './api-world.js';
import { sha256 } from './digests.js';

export const PERSON = { type: 'citizen', number: '11010519491231002X' };

export interface Matter {
  readonly subject: string;
  readonly caseId: string;
  readonly grantId: string;
}

export interface Traced {
  readonly user: ApiAgency;
  readonly stranger: ApiAgency;
  /** two matters of one person, with a handle each */
  readonly first: Matter;
  readonly second: Matter;
  /** of the first matter: permitted, denied for its purpose, and the stranger's; of the second: permitted */
  readonly uses: { readonly good: string; readonly beyond: string; readonly strange: string; readonly other: string };
  readonly certificateId: string;
}

export async function makeSubject(business: Business, maker: ApiAgency, person: object = PERSON): Promise<string> {
  return expectStatus(await business.world.post('/v1/subjects', maker, person), 201).body.subject;
}

export async function use(
  business: Business,
  agency: ApiAgency,
  grantId: string,
  changes: object,
  status = 201,
): Promise<string> {
  const body = useOf(agency, changes);
  expectStatus(await business.world.post(`/v1/grants/${grantId}/uses`, agency, body), status);
  return body.useId;
}

async function openMatter(business: Business, user: ApiAgency): Promise<Matter> {
  const subject = await makeSubject(business, user);
  const caseId = await openedCase(business, user, { subject });
  return { subject, caseId, grantId: await activeGrant(business, user, { subject, caseId }) };
}

export async function playTraced(business: Business): Promise<Traced> {
  const { world, provider } = business;
  const [user, stranger] = [workerOf(business, '310000'), workerOf(business, '330000')];
  const [first, second] = [await openMatter(business, user), await openMatter(business, user)];
  const { subject, caseId, grantId } = first;
  const named = { subject, caseId };
  const good = await use(business, user, grantId, named);
  const other = { purpose: { itemCode: 'student-aid', code: 'marketing' } };
  const beyond = await use(business, user, grantId, { ...named, ...other }, 403);
  const strange = await use(business, stranger, grantId, named, 403);
  const release = { responseDigest: sha256('salted answer'), recordCount: 1, releasedAt: '2026-03-01T00:00:00Z' };
  expectStatus(await world.post(`/v1/uses/${good}/release`, provider, release), 201);
  const { subject: otherSubject, grantId: otherGrant } = second;
  const otherUse = await use(business, user, otherGrant, { subject: otherSubject });
  const content = certificateOf(user, freshId('310000', 'c'), { subject, caseId });
  const path = `/v1/certificates/${content.certificateId}`;
  expectStatus(await world.post('/v1/certificates', user, content), 201);
  const reason = { reasonCode: 'under-review', legalBasis: '《行政许可法》第六十九条' };
  expectStatus(await world.post(`${path}/suspension`, user, reason), 201);
  const copy = { digest: sha256(`copy of ${content.certificateId}`), purpose: 'loan', expiresAt: '2036-01-01T00:00:00Z' };
  expectStatus(await world.post(`${path}/copies`, user, copy), 201);
  const uses = { good, beyond, strange, other: otherUse };
  return { user, stranger, first, second, uses, certificateId: content.certificateId };
}

/** What a trace says, a line each: action and agency, and of uses whether they were permitted, or why not. */
export function told({ body }: ApiResponse): string[] {
  return body.items.map(({ action, decision, reason }: Record<string, string>) =>
    [action, decision === 'denied' ? reason : decision].filter((part) => part !== undefined).join(' '),
  );
}

/** Every item, page by page as the links lead. */
export async function followed(business: Business, path: string, auditor: ApiAgency, onPage = async () => {}) {
  const items: Record<string, unknown>[] = [];
  let next: string | undefined = path;
  while (next !== undefined) {
    const { body, headers }: ApiResponse = expectStatus(await business.world.get(next, auditor), 200);
    items.push(...body.items);
    next = /^<([^>]+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1];
    await onPage();
  }
  return items;
}

/** How many looks the service has recorded. */
export async function looksOf({ world }: Business): Promise<number> {
  const counted = world.service.deps.store.db.selectFrom('read_log').select((eb) => eb.fn.countAll<number>().as('count'));
  return Number((await counted.executeTakeFirstOrThrow()).count);
}
