import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Corpus, collectCorpus } from '../determinism/corpus.js';
import { prepare } from '../model/prepared.js';
import { findDefinitions } from '../support/definitions.js';

const DAY = 86_400_000;

/** Four peers that agree on nothing but the code: zone, locale, clock, random numbers and hash seed. */
const PEERS = [
  { name: 'shanghai', zone: 'Asia/Shanghai', locale: 'zh_CN.UTF-8', skew: 0, seed: 1 },
  { name: 'jiangsu', zone: 'America/St_Johns', locale: 'de_DE.UTF-8', skew: -400 * DAY, seed: 22 },
  { name: 'zhejiang', zone: 'Pacific/Chatham', locale: 'ar_EG.UTF-8', skew: 4000 * DAY, seed: 333 },
  { name: 'anhui', zone: 'UTC', locale: 'fr_FR.UTF-8', skew: 11 * DAY, seed: 4444 },
];

interface Result {
  readonly fn: string;
  readonly status: number;
}

describe('the same transactions on four instances', () => {
  let folder: string;
  let corpus: Corpus;
  let lines: string[][];

  const runOn = async ({ name, zone, locale, skew, seed }: (typeof PEERS)[number]) => {
    const results = join(folder, `${name}.jsonl`);
    const clock = pathToFileURL(resolve('dist/test/determinism/skewed-clock.js')).href;
    const instance = resolve('dist/test/determinism/instance.js');
    const flags = ['--import', clock, `--hash-seed=${seed}`, `--random-seed=${seed}`];
    const child = spawn(process.execPath, [...flags, instance, join(folder, 'corpus.json'), results], {
      env: { PATH: process.env.PATH, TZ: zone, LANG: locale, LC_ALL: locale, SKEW: String(skew) },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`${name} ended with ${code}`);
    return readFileSync(results, 'utf8').trimEnd().split('\n');
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'determinism-'));
    corpus = await collectCorpus(await prepare());
    writeFileSync(join(folder, 'corpus.json'), JSON.stringify(corpus));
    lines = await Promise.all(PEERS.map(runOn));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('the instances differ in clock, zone, locale and random numbers', () => {
    const worlds = lines.map(([first]) => JSON.parse(first as string) as Record<string, unknown>);
    for (const trait of ['today', 'noon', 'number', 'drawn'])
      expect(new Set(worlds.map((world) => world[trait])).size, trait).toBe(PEERS.length);
  });

  it('the corpus holds every function, accepted and refused', async () => {
    const results = (lines[0] ?? []).slice(1).map((line) => JSON.parse(line) as Result);
    const withStatus = (status: number) => new Set(results.filter((one) => one.status === status).map((one) => one.fn));
    const defined = (await findDefinitions()).map(({ definition }) => `${definition.contract}:${definition.name}`);
    const queries = ['ledger:ReadRecord', 'ledger:AttestRecords', 'ledger:AttestCertificate'];
    const all = [...defined, ...queries, 'registry:FoundRegistrar', 'ledger:GetCodeInfo'];
    expect(all.filter((fn) => !withStatus(200).has(fn))).toEqual([]);
    expect([...defined, ...queries].filter((fn) => !withStatus(500).has(fn))).toEqual([]);
    expect(results).toHaveLength(corpus.histories.reduce((sum, { proposals }) => sum + proposals.length, 0));
  });

  it.each(PEERS.slice(1).map(({ name }, index) => [name, index + 1] as const))(
    '%s reads, writes and answers byte by byte what shanghai does',
    (_name, index) => {
      const [first = [], other = []] = [lines[0]?.slice(1), lines[index]?.slice(1)];
      expect(other.find((line, place) => line !== first[place])).toBeUndefined();
      expect(other).toHaveLength(first.length);
    },
  );
});
