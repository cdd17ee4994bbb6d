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

  it('may be the history of one thing, whose cursor is no other thing’s', async () => {
    const [one, other] = made as [ApiAgency, ApiAgency];
    const registrar = world.registrar(one.province);
    for (const verb of ['deactivation', 'reactivation'])
      await world.post(`/v1/agencies/${one.agencyId}/${verb}`, registrar, { reason: 'merger' });
    const path = `/v1/agencies/${one.agencyId}/history`;
    const whole = (await world.get(path, other)).body;
    expect([whole.items.length, whole.nextCursor]).toEqual([3, undefined]);
    const first = await world.get(`${path}?limit=2`, other);
    expect(first.headers.link).toBe(`<${path}?limit=2&cursor=${first.body.nextCursor}>; rel="next"`);
    const rest = (await world.get(`${path}?limit=2&cursor=${first.body.nextCursor}`, other)).body;
    expect([...first.body.items, ...rest.items]).toEqual(whole.items);
    const foreign = `/v1/agencies/${other.agencyId}/history?cursor=${first.body.nextCursor}`;
    expect(await world.get(foreign, other)).toMatchObject({ status: 400, body: { code: 'request.invalid' } });
    expect((await world.get(`${path}?limit=0`, other)).status).toBe(400);
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
