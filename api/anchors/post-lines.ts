/**
 * The answer to a stream of lines, once for each idempotency key. Two bodies are the same when their bytes
 * are, which is told by a hash taken while they stream by: nobody keeps a body to compare it.
 */
import { createHash } from 'node:crypto';
import { type HttpAnswer, JSON_TYPE } from '../http/answer.js';
import { Problem, type ProblemContext } from '../http/problem.js';
import type { Store } from '../store/store.js';
import { findOperation } from '../submission/applied.js';
import { fingerprintOf } from '../submission/command.js';
import { findSubmission, putAnswer, storedAnswer } from '../submission/submission-rows.js';
import { showAnchored } from './anchor-proof.js';
import type { Anchors } from './anchors.js';
import type { LineSplitter } from './split-lines.js';
import { allAnchored, type Body, chunksOf, type Rejected, type Taken, takeLines } from './take-lines.js';

export interface PostDeps {
  readonly anchors: Anchors;
  readonly store: Store;
  readonly clock: () => number;
  /** adds what proves the root to whoever asks */
  readonly prove: (shown: Awaited<ReturnType<typeof showAnchored>>) => Promise<unknown>;
}

export interface Post {
  readonly agency: string;
  readonly body: Body;
  readonly splitter: LineSplitter;
  /** whether to answer only when all is anchored, and how long to wait for that */
  readonly waitMilliseconds: number | undefined;
  readonly key: string | undefined;
  readonly context: ProblemContext;
}

const running = new WeakMap<Anchors, Set<string>>();

function fingerprint(bodyDigest: string, { instance }: ProblemContext): string {
  return fingerprintOf('POST', instance, { bodyDigest });
}

/** What was accepted must be told even where peers cannot be asked for a proof now: then there is none. */
async function rejectedView({ store, prove }: PostDeps, agency: string, { line, code, tag }: Rejected) {
  if (tag === undefined) return { line, code };
  const shown = await showAnchored(store, agency, tag);
  const proof = await prove(shown).catch(() => undefined);
  return { line, code, ...(proof !== undefined && { proof }) };
}

/** `final`: nothing of it changes any more, and it may be kept for whoever repeats the request */
async function answerOf(
  deps: PostDeps,
  { agency, waitMilliseconds }: Post,
  taken: Taken,
): Promise<{ answer: HttpAnswer; final: boolean }> {
  const { accepted, unlisted, batches } = taken;
  const final = waitMilliseconds === undefined || (await allAnchored(deps.anchors, batches, waitMilliseconds));
  const rejected: unknown[] = [];
  for (const one of taken.rejected) rejected.push(await rejectedView(deps, agency, one));
  const body = { accepted, rejected, ...(unlisted > 0 && { unlisted }), ...(!final && { final }) };
  return { answer: { status: 202, headers: { 'content-type': JSON_TYPE }, body: JSON.stringify(body) }, final };
}

/** The stored answer to this very body, which is read to its end to be compared. */
async function replay(
  { anchors, store }: PostDeps,
  { agency, body, context }: Post,
  key: string,
): Promise<HttpAnswer | undefined> {
  const row = await findSubmission(store, { agency, operation: key });
  const isOthers = !row && (await findOperation(store, agency, key)) !== undefined;
  if (!row && !isOthers) return undefined;
  const digest = createHash('sha256');
  for await (const chunk of chunksOf(body, anchors.signal)) digest.update(chunk);
  const answer = row && storedAnswer(row);
  if (!answer || row.fingerprint !== fingerprint(digest.digest('hex'), context)) throw new Problem('idempotency.mismatch');
  return answer;
}

async function once(deps: PostDeps, post: Post, key: string): Promise<{ answer: HttpAnswer; replayed: boolean }> {
  const earlier = await replay(deps, post, key);
  if (earlier) return { answer: earlier, replayed: true };
  const { agency, body, splitter, context } = post;
  const taken = await takeLines(deps.anchors, agency, body, splitter);
  const { answer, final } = await answerOf(deps, post, taken);
  // Whoever waited in vain and asks again waits again: lines that are there already are accepted as they are.
  if (!final) return { answer, replayed: false };
  const write = { agency, operation: key, function: 'anchor:AnchorRecords', asked: null, input: null };
  const stored = { fingerprint: fingerprint(taken.bodyDigest, context), context: { ...context, form: '', params: {} } };
  const now = new Date(deps.clock()).toISOString();
  await putAnswer(deps.store, write, stored, { state: 'done', transactionId: null, answer, now });
  return { answer, replayed: false };
}

/** @throws Problem, and whatever the store throws: the same body may then be sent again under the same key */
export async function postLines(deps: PostDeps, post: Post): Promise<{ answer: HttpAnswer; replayed: boolean }> {
  const { agency, key, body, splitter } = post;
  if (key === undefined)
    return {
      answer: (await answerOf(deps, post, await takeLines(deps.anchors, agency, body, splitter))).answer,
      replayed: false,
    };
  const keys = running.get(deps.anchors) ?? new Set();
  running.set(deps.anchors, keys);
  const name = `${agency} ${key}`;
  if (keys.has(name)) throw new Problem('idempotency.in-progress');
  keys.add(name);
  try {
    return await once(deps, post, key);
  } finally {
    keys.delete(name);
  }
}
