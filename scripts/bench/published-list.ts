/**
 * Blocks that say what a ledger says on which so many service items are published, each in its second version:
 * the versions, and the last editions of the list. Nobody endorsed them. Publishing 3,190 items one by one takes
 * hours of votes and a gigabyte of editions, and what is measured is how the API reads.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { buildTree, EMPTY_ROOT, leafHash } from '../../chaincode/merkle/tree.js';
import { key, ordinal } from '../../chaincode/state/keys.js';
import { type CatalogueVersionRecord, versionKey } from '../../chaincode/transactions/catalogue/catalogue-version.js';
import type { EditionEntry, EditionRecord } from '../../chaincode/transactions/catalogue/edition.js';
import { DOMAINS } from '../../chaincode/transactions/catalogue/service-item.js';
import type { Ledger, LedgerBlock } from '../../network/ledger.js';

import { canonicalJson } from '../../network/proof/canonical-json.js';
import { digestOf, ISSUER } from './certificate-body.js';

const TIME = '2026-01-01T00:00:00.000Z';
const EDITIONS = 20;

function canonical(record: object): string {
  return canonicalJson(JSON.parse(JSON.stringify(record)));
}

export function listedCode(index: number): string {
  return `item-${ordinal(index)}`;
}

function versionOf(index: number, version: number): CatalogueVersionRecord<'service-items'> {
  const domains = DOMAINS.individual;
  const materials = Array.from({ length: 6 }, (_, material) => ({
    code: `material-${material}`,
    name: { zh: '申请材料（原件及复印件）', en: 'Application papers' },
    required: material < 4,
  }));
  return {
    kind: 'service-items',
    code: listedCode(index),
    version,
    province: '310000',
    proposer: ISSUER,
    status: version === 1 ? 'superseded' : 'published',
    content: {
      code: listedCode(index),
      name: { zh: `跨省通办事项${index}`, en: `Cross-province item ${index}` },
      domain: domains[index % domains.length] as (typeof domains)[number],
      audience: 'individual',
      modes: ['standard', 'continued', 'assisted'],
      departments: { '310000': [ISSUER], '320000': [ISSUER], '330000': [ISSUER], '340000': [ISSUER] },
      materials,
      timeLimit: { workingDays: 10 - version },
    },
    contentDigest: digestOf(`${index}/${version}`),
    votes: [],
    publishedAt: TIME,
    recordedAt: TIME,
  };
}

/** The list grows to its full size with the last edition. */
function* editionsOf(items: number): Generator<EditionRecord> {
  const all = Array.from({ length: items }, (_, index): EditionEntry => {
    const { kind, code, version, contentDigest } = versionOf(index, 2);
    return { kind, code, version, contentDigest };
  });
  let previousRoot = EMPTY_ROOT;
  for (let edition = 0; edition < EDITIONS; edition++) {
    const entries = all.slice(0, items - EDITIONS + edition + 1);
    const { size, root } = buildTree(entries.map((entry) => leafHash(canonical(entry))));
    const last = entries.at(-1) as EditionEntry;
    const change = { action: 'publish' as const, kind: last.kind, code: last.code, version: last.version };
    yield { number: edition + 1, change, size, root, previousRoot, entries, recordedAt: TIME };
    previousRoot = root;
  }
}

type Write = readonly [key: string, record: object];

function* writesOf(items: number): Generator<Write[]> {
  for (let index = 0; index < items; index++) {
    const code = listedCode(index);
    const versions = [1, 2].map((version): Write => [versionKey('service-items', code, version), versionOf(index, version)]);
    yield [[key('catalogue-head', 'service-items', code), { latest: 2, published: 2, recordedAt: TIME }], ...versions];
  }
  for (const edition of editionsOf(items)) yield [[key('edition', ordinal(edition.number)), edition]];
}

function blockOf(number: number, previousHash: string, seal: LedgerBlock['seal'], writes: readonly Write[]): LedgerBlock {
  const id = digestOf(`transaction ${number}`);
  const transaction = {
    id,
    position: 0,
    validationCode: 'VALID',
    time: TIME,
    kind: 'endorser' as const,
    creatorMspId: 'ShanghaiMSP',
    function: 'catalogue:CastVote',
    argument: '',
    payload: '',
    endorsers: [],
    writes: writes.map(([name, record]) => ({ key: name, value: canonical(record) })),
  };
  return { number, hash: digestOf(`block ${number}`), previousHash, seal, transactions: [transaction] };
}

/** The ledger with those blocks after its own. */
export function withPublishedList(ledger: Ledger, items: number): Ledger {
  const added = items + EDITIONS;
  return {
    submit: (invocation, prepared) => ledger.submit(invocation, prepared),
    evaluate: (invocation) => ledger.evaluate(invocation),
    attest: (invocation, provinces) => ledger.attest(invocation, provinces),
    statements: (number) => ledger.statements(number),
    transactionStatus: (id) => ledger.transactionStatus(id),
    close: () => ledger.close(),
    info: async () => {
      const info = await ledger.info();
      return { ...info, height: info.height + added };
    },
    async *blocks(from, signal) {
      const { height } = await ledger.info();
      let last: LedgerBlock | undefined;
      for await (const block of ledger.blocks(0, signal)) {
        if (block.number >= from) yield block;
        last = block;
        if (block.number === height - 1) break;
      }
      if (!last) return;
      for (const writes of writesOf(items)) {
        last = blockOf(last.number + 1, last.hash, last.seal, writes);
        if (last.number >= from) yield last;
        // A ledger reads its blocks from somewhere, and the service has its turn meanwhile.
        await turn();
      }
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    },
  };
}
