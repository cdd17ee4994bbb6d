/** Checks a case's timeline as anybody may: entries numbered from 1, each holding the hash of the one before. */
import { hashJson } from '../../chaincode/runtime/argument.js';
import type { Stage } from './stage.js';

interface Entry {
  readonly number: number;
  readonly type: string;
  readonly previousHash: string;
  readonly hash: string;
  readonly data: Readonly<Record<string, unknown>>;
}

function hashOf({ hash: _, ...entry }: Entry): string {
  return hashJson(entry);
}

/** Every entry of a case, read page by page. */
async function timelineOf(stage: Stage, as: string, caseId: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  let cursor = '';
  do {
    const page = await stage.read(
      as,
      `/v1/cases/${caseId}/timeline?limit=200${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    entries.push(...(page.items as Entry[]));
    cursor = typeof page.nextCursor === 'string' ? page.nextCursor : '';
  } while (cursor);
  return entries;
}

/** @throws DemoFault when the entries are not one unbroken chain that ends in the case's head */
export async function checkTimeline(stage: Stage, as: string, caseId: string): Promise<readonly Entry[]> {
  const { head, entries: count } = await stage.read(as, `/v1/cases/${caseId}`);
  const entries = await timelineOf(stage, as, caseId);
  let previous = '0'.repeat(64);
  const broken = entries.filter((entry, index) => {
    const fits = entry.number === index + 1 && entry.previousHash === previous && entry.hash === hashOf(entry);
    previous = entry.hash;
    return !fits;
  });
  const zh = '时间线条目编号连续、哈希相扣，且与办件的头一致';
  const en = "the timeline's entries are numbered, chained by hash and end in the case's head";
  const found = { entries: entries.length, broken: broken.length, endsInHead: previous === head };
  stage.check(zh, en, found, { entries: count, broken: 0, endsInHead: true });
  return entries;
}
