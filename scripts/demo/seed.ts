/**
 * Enters what the scenarios stand on: agencies, legal instruments, the catalogue with its consultations
 * and votes, centres, partners, officers, guides. Every write has a fixed idempotency key and a fixed
 * body, so seeding again changes nothing and a seeding that was cut short goes on.
 */
import { PROVINCES, type ProvinceCode } from '../../chaincode/provinces.js';
import { agency, DEMO_AGENCIES } from './agencies.js';
import { CATALOGUE, type DemoEntry, SERVICE_ITEMS } from './catalogue/entries.js';
import { INSTRUMENTS } from './catalogue/standards.js';
import { CENTRES, OFFICERS, PARTNERS } from './centres.js';
import type { Caller, Client } from './client.js';
import { digest } from './digest.js';
import { inParallel, oneAtATime } from './pool.js';

/** A network of four provinces commits many writes in one block: the more are under way, the better. */
const IN_FLIGHT = 32;
/** So often somebody who waits is told how far it is. */
const TELL_EVERY_MS = 3000;

export interface Seeding {
  readonly client: Client;
  readonly progress: (zh: string, en: string) => void;
}

type Post = (path: string, as: Caller, body: unknown, name: string) => Promise<Record<string, unknown>>;

async function registrars(client: Client): Promise<Map<ProvinceCode, Caller>> {
  const { provinces } = (await client.get('/v1/ledger')) as { provinces: { code: ProvinceCode; registrar: string }[] };
  return new Map(provinces.map(({ code, registrar }) => [code, { agencyId: registrar, province: code, roles: ['registrar'] }]));
}

function editors(): readonly Caller[] {
  return PROVINCES.map(({ slug }) => agency(`${slug}.data`));
}

/** Draft, consultation with its result, three votes, and the fourth that publishes: `publish` puts those in a row. */
async function enter(post: Post, { kind, content }: DemoEntry, publish: (vote: () => Promise<unknown>) => Promise<unknown>) {
  const [proposer, ...others] = editors() as [Caller, ...Caller[]];
  const { code } = content;
  const name = (step: string) => `${kind}-${code}-${step}`;
  const { record } = (await post(`/v1/catalogue/${kind}`, proposer, content, name('draft'))) as {
    record: { version: number; contentDigest: string };
  };
  const version = `/v1/catalogue/${kind}/${code}/versions/${record.version}`;
  if (kind === 'service-items') {
    const notice = { opensAt: '2026-08-01T00:00:00Z', closesAt: '2026-08-31T16:00:00Z', noticeDigest: digest(`notice ${code}`) };
    await post(`${version}/consultation`, proposer, notice, name('consultation'));
    const result = { adopted: 3, notAdopted: 1, summaryDigest: digest(`summary ${code}`) };
    await post(`${version}/consultation/result`, proposer, result, name('result'));
  }
  const ballot = { vote: 'approve', contentDigest: record.contentDigest };
  const vote = (editor: Caller) => post(`${version}/votes`, editor, ballot, name(`vote-${editor.province}`));
  const last = others.pop() as Caller;
  for (const editor of [proposer, ...others]) await vote(editor);
  await publish(() => vote(last));
}

async function enterCentres(post: Post, registrar: (province: ProvinceCode) => Caller): Promise<void> {
  await inParallel(CENTRES, IN_FLIGHT, async ({ key, body }) => {
    await post('/v1/centres', registrar(agency(key).province), body, `centre-${key}`);
  });
  await inParallel(PARTNERS, IN_FLIGHT, async ([centre, partner]) => {
    const { agencyId } = agency(partner);
    const path = `/v1/centres/${agency(centre).agencyId}/partners`;
    await post(path, agency(centre), { partner: agencyId }, `partner-${centre}-${partner}`);
    await post(`${path}/${agencyId}/acceptance`, agency(partner), {}, `accept-${centre}-${partner}`);
  });
  await inParallel(OFFICERS, IN_FLIGHT, async ({ centre, host, body }) => {
    await post('/v1/officers', agency(centre), body, `officer-${body.officerId}`);
    if (host) await post(`/v1/officers/${body.officerId}/acceptance`, agency(host), {}, `host-${body.officerId}`);
  });
}

const GUIDED = SERVICE_ITEMS.filter((_item, index) => index % 4 === 1);

/** Whether a seeding came to its end: guides are what it enters last. */
export async function isSeeded(client: Client): Promise<boolean> {
  for (const { code } of GUIDED) {
    const { status, body } = await client.ask('GET', `/v1/catalogue/service-items/${code}/guides`);
    if (status !== 200 || (body.items as unknown[]).length === 0) return false;
  }
  return true;
}

/** Where to go 办事指南: for every fourth item, by its first department in Shanghai. */
async function enterGuides(post: Post): Promise<void> {
  const departments = new Map([...DEMO_AGENCIES.values()].map((known) => [known.agencyId, known]));
  await inParallel(GUIDED, IN_FLIGHT, async ({ code, departments: named }) => {
    const department = departments.get(named['310000']?.[0] ?? '');
    if (!department) return;
    const channels = [
      { kind: 'online', url: `https://portal.example/items/${code}` },
      { kind: 'virtual-window', centreId: agency('shanghai.changning').agencyId },
    ];
    const guide = { channels, guideDigest: digest(`guide ${code}`), effectiveFrom: '2026-10-01T00:00:00Z' };
    await post(`/v1/catalogue/service-items/${code}/guides`, department, guide, `guide-${code}`);
  });
}

/** Tells how many of the entries are published, now and then. */
function tellPublished(progress: Seeding['progress']): () => void {
  let published = 0;
  let told = performance.now();
  return () => {
    published += 1;
    if (performance.now() - told < TELL_EVERY_MS) return;
    told = performance.now();
    const share = `${published}/${CATALOGUE.length}`;
    progress(`已发布 ${share} 项目录`, `${share} catalogue entries published`);
  };
}

/** @throws DemoFault when the server answers anything but what a fresh or a half-seeded ledger answers */
export async function seed({ client, progress }: Seeding): Promise<void> {
  const admitting = await registrars(client);
  const registrar = (province: ProvinceCode) => admitting.get(province) as Caller;
  const post: Post = (path, as, body, name) => client.post(path, as, body, `seed-${digest(name).value.slice(0, 40)}`);

  await inParallel([...DEMO_AGENCIES.values()], IN_FLIGHT, async ({ agencyId, name, divisionCode, kind, roles, province }) => {
    await post('/v1/agencies', registrar(province), { agencyId, name, divisionCode, kind, roles }, `agency-${agencyId}`);
  });
  progress(`已登记 ${DEMO_AGENCIES.size} 个机构`, `${DEMO_AGENCIES.size} agencies registered`);

  await inParallel(INSTRUMENTS, IN_FLIGHT, async (instrument) => {
    const body = { ...instrument, digest: digest(JSON.stringify(instrument)) };
    await post('/v1/instruments', registrar('310000'), body, `instrument-${instrument.code}`);
  });
  // Each publication makes an edition of the whole list, so the fourth votes go one after another.
  const publish = oneAtATime();
  const published = tellPublished(progress);
  await inParallel(CATALOGUE, IN_FLIGHT, (entry) => enter(post, entry, publish).then(published));
  progress(`四省市共同发布 ${CATALOGUE.length} 项目录`, `${CATALOGUE.length} catalogue entries agreed by four provinces`);

  await enterCentres(post, registrar);
  await enterGuides(post);
  progress(
    `已登记 ${CENTRES.length} 个服务中心、${OFFICERS.length} 名专员`,
    `${CENTRES.length} centres, ${OFFICERS.length} officers`,
  );
}
