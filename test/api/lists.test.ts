import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiAgency, ApiWorld } from '../support/api-world.js';

describe('a list', () => {
  let world: ApiWorld;
  const made: ApiAgency[] = [];
  beforeAll(async () => {
    world = await ApiWorld.create();
    for (let count = 0; count < 7; count++) made.push(await world.agency(count % 2 ? '310000' : '320000', ['data-user']));
  });
  afterAll(() => world.close());

  const ids = (body: { items: { agencyId: string }[] }) => body.items.map(({ agencyId }) => agencyId);
  const everybody = () => [...made, ...world.registrars.values()].map(({ agencyId }) => agencyId).sort();

  it('comes whole when it is no longer than a page, with neither cursor nor link', async () => {
    const { body, headers } = await world.get('/v1/agencies');
    expect(ids(body)).toEqual(everybody());
    expect(body).not.toHaveProperty('nextCursor');
    expect(headers).not.toHaveProperty('link');
  });

  it.each([1, 2, 3, 5, 11])('comes page by page of %i, each item once and in order, by following the links', async (limit) => {
    const seen: string[] = [];
    let path: string | undefined = `/v1/agencies?limit=${limit}`;
    let pages = 0;
    while (path !== undefined) {
      const { body, headers, status }: Awaited<ReturnType<typeof world.get>> = await world.get(path);
      expect(status).toBe(200);
      seen.push(...ids(body));
      pages += 1;
      const link: string | undefined = /^<([^>]+)>; rel="next"$/.exec(String(headers.link ?? ''))?.[1];
      expect(link === undefined).toBe(body.nextCursor === undefined);
      if (link !== undefined) expect(body.items).toHaveLength(limit);
      path = link;
    }
    expect(seen).toEqual(everybody());
    expect(pages).toBe(Math.ceil(everybody().length / limit));
  });

  it('keeps its filters on the way to the next page', async () => {
    const first = await world.get('/v1/agencies?province=320000&kind=department&limit=2');
    expect(first.headers.link).toContain('province=320000&kind=department&limit=2&cursor=');
    const second = await world.get(`/v1/agencies?province=320000&kind=department&limit=2&cursor=${first.body.nextCursor}`);
    const all = [...first.body.items, ...second.body.items];
    expect(all.map(({ province }) => province)).toEqual(['320000', '320000', '320000', '320000']);
  });

  it('refuses a cursor that was tampered with', async () => {
    const { body } = await world.get('/v1/agencies?limit=1');
    for (const cursor of [`${body.nextCursor}A`, body.nextCursor.slice(0, -2), Buffer.from('["agencies"]').toString('base64url')])
      expect(await world.get(`/v1/agencies?limit=1&cursor=${cursor}`)).toMatchObject({
        status: 400,
        body: { code: 'request.invalid' },
      });
  });

  it('refuses the cursor of another list', async () => {
    const { body } = await world.get('/v1/agencies?limit=1');
    expect((await world.get(`/v1/centres?cursor=${body.nextCursor}`)).status).toBe(400);
  });
});
