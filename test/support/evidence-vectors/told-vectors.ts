/** Bundles that tell otherwise than was signed, and files that are none. */
import type { Json } from '../../../network/proof/canonical-json.js';
import { bundleFrom } from './material.js';
import { bad, type EvidenceStage, type EvidenceVector, type Materials, STRANGE_ID } from './vector.js';

type Story = Record<string, Json>;
type Fields = Record<string, Json>;

const fields = (value: Json | undefined) => value as Fields;
const list = (value: Json | undefined) => value as Fields[];
const TOLD = { told: 'proof.told' };

function toldVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  const wrong = (
    kind: keyof Materials,
    name: string,
    about: string,
    after: (story: Story) => unknown,
    faults: EvidenceVector['faults'] = TOLD,
  ) => bad(stage, kind, name, about, faults, { after });
  return [
    wrong('case', 'head-of-another-case', 'The head of another case', (story) =>
      Object.assign(fields(story.case), { head: fields(stage.good.otherCase.parts.timeline.at(-1)).hash }),
    ),
    wrong('case', 'holder-told-altered', 'Another holder than was signed', (story) =>
      Object.assign(fields(fields(story.case).holder), { agency: fields(fields(story.case).opener).agency }),
    ),
    wrong('case', 'vote-altered', 'A vote for another content', (story) =>
      Object.assign(list(fields(story.catalogue).votes)[1] ?? {}, { contentDigest: 'ab'.repeat(32) }),
    ),
    wrong('case', 'vote-left-out', 'A vote left out', (story) => list(fields(story.catalogue).votes).pop()),
    wrong('case', 'content-altered', 'Another time limit than was approved', (story) =>
      Object.assign(fields(fields(fields(story.catalogue).content).timeLimit), { workingDays: 3 }),
    ),
    wrong('case', 'content-altered-with-digest', 'Another content, with a digest of its own', (story) =>
      Object.assign(fields(story.catalogue), { content: {}, contentDigest: 'ab'.repeat(32) }),
    ),
    wrong(
      'revoked',
      'change-left-out',
      'A revoked certificate told without its revocation',
      (story) => {
        Object.assign(fields(list(story.certificates)[0]?.record), { changes: [] });
        Object.assign(list(story.status)[0] ?? {}, { verdict: 'valid' });
      },
      { ...TOLD, status: 'proof.status' },
    ),
    wrong('revoked', 'change-altered', 'Another reason for the revocation', (story) =>
      Object.assign(list(fields(list(story.certificates)[0]?.record).changes)[0] ?? {}, { reasonCode: 'by-request' }),
    ),
    wrong('certificate', 'copy-altered', 'A copy that lasts longer', (story) =>
      Object.assign(list(story.copies)[0] ?? {}, { expiresAt: '2046-01-01T00:00:00Z' }),
    ),
    wrong('certificate', 'agency-renamed', 'The issuer under another name', (story) =>
      Object.assign(fields(list(story.agencies)[0]?.name), { zh: '另一机构' }),
    ),
    wrong('use', 'release-altered', 'Fewer records than were given out', (story) =>
      Object.assign(fields(list(story.uses)[0]?.release), { recordCount: 0 }),
    ),
    wrong('use', 'release-told-left-out', 'A release left out', (story) => delete list(story.uses)[0]?.release),
    wrong('grant', 'use-told-left-out', 'A use left out', (story) => list(story.uses).pop()),
    wrong('grant', 'uses-told-swapped', 'Two uses in each other’s place', (story) => list(story.uses).reverse()),
    wrong('certificate', 'field-added-to-story', 'A section that nothing signed says', (story) =>
      Object.assign(story, { verdict: 'genuine' }),
    ),
    wrong('certificate', 'field-named-proto', 'A section under a name that objects inherit', (story) =>
      Object.defineProperty(story, '__proto__', { value: { x: 1 }, enumerable: true }),
    ),
    wrong('certificate', 'section-missing', 'No captures', (story) => delete story.captures, { captures: 'proof.capture' }),
    wrong('certificate', 'withheld-added', 'A grant that nobody named, said to be withheld', (story) =>
      Object.assign(story, { withheld: ['grant~31-x'] }),
    ),
  ];
}

function dayVectors(stage: EvidenceStage): Promise<EvidenceVector>[] {
  const STATUS = { status: 'proof.status' };
  const CAPTURE = { captures: 'proof.capture' };
  const wrong = (name: string, about: string, faults: EvidenceVector['faults'], after: (story: Story) => unknown) =>
    bad(stage, 'revoked', name, about, faults, { after });
  const status = (change: object) => (story: Story) => Object.assign(list(story.status)[0] ?? {}, change);
  const capture = (change: object) => (story: Story) => Object.assign(list(story.captures)[0] ?? {}, change);
  return [
    wrong('status-altered', 'A revoked certificate said to be valid', STATUS, status({ verdict: 'valid' })),
    wrong('status-without-change', 'A status without the change that decides', STATUS, (story) => {
      delete list(story.status)[0]?.change;
    }),
    wrong('status-of-another', 'The status of another certificate', STATUS, status({ id: stage.good.certificate.thing.id })),
    wrong('status-added', 'A status more', STATUS, (story) =>
      list(story.status).push({ type: 'grant', id: 'x', verdict: 'active' }),
    ),
    wrong('as-of-moved', 'A day before the revocation, with the status of the day after', STATUS, (story) =>
      Object.assign(story, { asOf: '2026-02-01T00:00:00Z' }),
    ),
    wrong('as-of-moved-in-status', 'The same, where the status is told', STATUS, status({ asOf: '2026-02-01T00:00:00Z' })),
    wrong('as-of-moved-everywhere', 'The same, in both places', STATUS, (story) => {
      Object.assign(story, { asOf: '2026-02-01T00:00:00Z' });
      status({ asOf: '2026-02-01T00:00:00Z' })(story);
    }),
    wrong('as-of-no-day', 'The 30th of February', TOLD, (story) => Object.assign(story, { asOf: '2026-02-30T00:00:00Z' })),
    wrong('capture-system-altered', 'Captured by another system', CAPTURE, (story) =>
      Object.assign(fields(list(story.captures)[0]?.capture), { system: 'another' }),
    ),
    wrong('capture-delay-altered', 'Quicker on the ledger', CAPTURE, capture({ delayMilliseconds: 1000 })),
    wrong('capture-time-altered', 'Recorded earlier', CAPTURE, capture({ recordedAt: '2026-01-01T00:00:00.000Z' })),
    wrong('capture-altered-in-record', 'Captured otherwise, in the record too', { ...TOLD, ...CAPTURE }, (story) => {
      for (const line of [list(story.captures)[0], fields(list(story.certificates)[0]?.record)])
        Object.assign(fields(line?.capture), { method: 'scanned' });
    }),
  ];
}

/** What a text is made into, after it was a good bundle. */
async function formVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  const { good, scene } = stage;
  const text = await bundleFrom(good.certificate, scene);
  const FORM = { bundle: 'proof.form' };
  const wrong = (name: string, about: string, evidence: string, faults: EvidenceVector['faults'] = FORM) =>
    bad(stage, 'certificate', name, about, faults, {}, { evidence });
  const unknown = { verdict: 'unknown' } as const;
  const named = (id: string, type?: 'grant') => {
    const { thing } = good.certificate;
    return text.replace(
      `"thing":{"id":"${thing.id}","type":"${thing.type}"`,
      `"thing":{"id":"${id}","type":"${type ?? thing.type}"`,
    );
  };
  return Promise.all([
    bad(
      stage,
      'certificate',
      'unknown-version',
      'A version that is not known',
      { bundle: 'format.unknown' },
      {},
      {
        evidence: text.replace('yrd-evidence/2', 'yrd-evidence/3'),
      },
    ).then((vector) => ({ ...vector, ...unknown })),
    bad(
      stage,
      'certificate',
      'unknown-receipt-version',
      'A receipt of a version that is not known',
      { form: 'format.unknown' },
      {},
      {
        evidence: text.replace('yrd-receipt/1', 'yrd-receipt/2'),
      },
    ).then((vector) => ({ ...vector, ...unknown })),
    wrong('other-format', 'The format of something else', text.replace('yrd-evidence/2', 'yrd-dossier/1')),
    wrong('field-added', 'A field more at the top', `${text.slice(0, -1)},"verdict":"holds"}`),
    wrong('formatted', 'Written over several lines', JSON.stringify(JSON.parse(text), null, 1)),
    wrong('truncated', 'Cut off', text.slice(0, -20)),
    wrong('blank-after', 'A blank at the end', `${text} `),
    wrong('field-twice', 'A field twice', text.replace('{"format"', '{"format":"yrd-evidence/2","format"')),
    wrong('no-receipts', 'Without receipts', text.replace(/"receipts":\[.*\],"story"/, '"receipts":[],"story"')),
    wrong('thing-renamed', 'Said to be about another certificate', named(STRANGE_ID), { told: 'proof.unsigned' }),
    wrong('thing-of-another-type', 'Said to be about a grant', named(good.certificate.thing.id, 'grant'), {
      told: 'proof.unsigned',
    }),
    wrong(
      'thing-unknown',
      'Said to be about something that evidence is not of',
      text.replace('"type":"certificate"}}', '"type":"agency"}}'),
    ),
  ]);
}

export async function tellingVectors(stage: EvidenceStage): Promise<EvidenceVector[]> {
  return [...(await Promise.all([...toldVectors(stage), ...dayVectors(stage)])), ...(await formVectors(stage))];
}
