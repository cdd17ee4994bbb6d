/**
 * Medical insurance elsewhere: papers taken at a Shanghai counter for Hefei 异地代收, sealed, sent, delivered;
 * one hand-off lapses, one delivery does not match its list and comes back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { inventedCitizenNumber } from '../numbers.js';
import type { Scenario } from '../scenario.js';
import type { Stage } from '../stage.js';
import { checkTimeline } from '../timeline.js';

const COUNTER = 'shanghai.changning';
const HEFEI = 'anhui.hefei-medical';

type Parcel = Readonly<Record<string, unknown>>;

function parcelOf(stage: Stage, list: string, pieces: number): Parcel {
  return { parcelDigest: stage.papers.given(list).digest, pieces };
}

async function send(stage: Stage, path: string, parcel: Parcel): Promise<void> {
  await stage.write('封装', 'The papers are sealed', COUNTER, `${path}/custody`, { event: 'sealed', ...parcel });
  await stage.write('寄往合肥', 'They are posted to Hefei', COUNTER, `${path}/custody`, {
    event: 'dispatched',
    ...parcel,
    carrier: 'ems',
  });
}

async function offer(stage: Stage, path: string, dueAt: string): Promise<void> {
  const manifest = [
    { code: 'claim-form', digest: stage.papers.given('claim-form.pdf').digest },
    { code: 'medical-invoice', digest: stage.papers.given('medical-invoice.jpg').digest },
    { code: 'discharge-summary', digest: stage.papers.given('discharge-summary.pdf').digest },
  ];
  const to = stage.agency(HEFEI).agencyId;
  await stage.write('向合肥医保移交办件', 'The case is offered to Hefei', COUNTER, `${path}/handoffs`, {
    to,
    reason: 'insured-there',
    manifest,
    dueAt,
  });
}

/** An offer that nobody answers in time: from then on anyone who works on cases may record that it lapsed. */
async function lapse(stage: Stage, path: string): Promise<void> {
  const dueAt = stage.memory.recall(stage.id(COUNTER, 'due'), () => new Date(Date.now() + 800).toISOString());
  await offer(stage, path, dueAt);
  await sleep(Math.max(0, Date.parse(dueAt) + 50 - Date.now()));
  await stage.write(
    '合肥逾期未接：移交失效',
    'Hefei did not answer in time: the offer lapses',
    COUNTER,
    `${path}/handoffs/1/lapse`,
  );
}

async function mismatch(stage: Stage, path: string, parcel: Parcel): Promise<void> {
  await offer(stage, path, stage.at(24 * 60));
  await stage.write('合肥接受', 'Hefei accepts', HEFEI, `${path}/handoffs/2/acceptance`);
  await stage.write('包裹送达', 'The parcel is delivered', HEFEI, `${path}/custody`, { event: 'delivered', ...parcel });
  const short = { event: 'mismatch', parcelDigest: stage.note('two papers found, three listed'), pieces: 2 };
  await stage.write(
    '拆封清点：件数与清单不符',
    'Opened and counted: the pieces do not match the list',
    HEFEI,
    `${path}/custody`,
    short,
  );
  const findings = { reason: 'parcel-mismatch', findingsDigest: stage.note('invoice missing') };
  await stage.write('退回上海', 'The case is returned to Shanghai', HEFEI, `${path}/handoffs/2/return`, findings);
  await stage.write('包裹退回窗口', 'The parcel is back at the counter', COUNTER, `${path}/custody`, {
    ...short,
    event: 'returned',
  });
}

async function settle(stage: Stage, path: string, parcel: Parcel): Promise<void> {
  await offer(stage, path, stage.at(24 * 60));
  await stage.write('合肥接受', 'Hefei accepts', HEFEI, `${path}/handoffs/3/acceptance`);
  await stage.write('包裹送达，件数相符', 'The parcel is delivered, all pieces there', HEFEI, `${path}/custody`, {
    event: 'delivered',
    ...parcel,
  });
  const pass = { result: 'pass', findingsDigest: stage.note('complete') };
  await stage.write('复核通过', 'Reviewed and passed', HEFEI, `${path}/pre-reviews`, pass);
  await stage.write('准予报销', 'The claim is granted', HEFEI, `${path}/decision`, { outcome: 'granted', certificates: [] });
  await stage.write('办结', 'Closed', HEFEI, `${path}/closure`);
}

export const medicalClaim: Scenario = {
  number: 5,
  title: { zh: '上海窗口代收合肥医保报销', en: 'Medical insurance elsewhere: papers taken in Shanghai for Hefei' },
  matter: { as: COUNTER, name: 'claim' },
  async play(stage) {
    const number = inventedCitizenNumber('340000', '19621104', 105);
    const subject = await stage.subject(
      '长宁窗口取得参保人句柄',
      'The Changning counter gets a handle for the insured person',
      COUNTER,
      'citizen',
      number,
    );
    const caseId = stage.id(COUNTER, 'claim');
    const path = `/v1/cases/${caseId}`;
    await stage.write('长宁窗口异地代收', 'The Changning counter takes the claim for Hefei', COUNTER, '/v1/cases', {
      caseId,
      itemCode: 'medical-claim-elsewhere',
      itemVersion: 1,
      mode: 'counter',
      channel: 'window',
      subject,
      materials: [
        { code: 'claim-form', digest: stage.papers.given('claim-form.pdf').digest },
        { code: 'medical-invoice', digest: stage.papers.given('medical-invoice.jpg').digest },
        { code: 'discharge-summary', digest: stage.papers.given('discharge-summary.pdf').digest },
      ],
    });
    const first = parcelOf(stage, 'parcel-list.pdf', 3);
    await stage.write('收取纸质材料 3 件', 'Three papers are taken in', COUNTER, `${path}/custody`, {
      event: 'received',
      ...first,
    });
    await lapse(stage, path);
    await send(stage, path, first);
    await mismatch(stage, path, first);
    const second = parcelOf(stage, 'parcel-list-corrected.pdf', 4);
    await send(stage, path, second);
    await settle(stage, path, second);

    const entries = await checkTimeline(stage, COUNTER, caseId);
    const events = entries.filter(({ type }) => type === 'custody').map(({ data }) => data.event);
    stage.check(
      '材料流转全程可见，含一次不符与退回',
      'every step of the papers is there, the mismatch and the return too',
      events,
      [...['received', 'sealed', 'dispatched', 'delivered', 'mismatch', 'returned'], ...['sealed', 'dispatched', 'delivered']],
    );
    const handoffs = entries.filter(({ type }) => type.startsWith('handoff-')).map(({ type }) => type.slice('handoff-'.length));
    const expected = ['offer', 'lapse', 'offer', 'acceptance', 'return', 'offer', 'acceptance'];
    stage.check(
      '三次移交：一次失效、一次退回、一次办成',
      'three hand-offs: one lapsed, one returned, one stayed',
      handoffs,
      expected,
    );
  },
};
