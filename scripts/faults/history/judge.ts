/**
 * Compares what clients were told with what the peers hold. Pure: every broken promise is a sentence, and
 * no sentence means that all hold.
 */
import { type Attempt, attemptsOf, grouped, type HistoryEvent } from './history.js';
import { operationOf, type Place, type View, validOf } from './view.js';

const at = ({ block, position }: { block: number; position: number }) => `${block}/${position}`;

/** One peer's blocks follow one another from block 0 on. */
function brokenChain({ mspId, blocks }: View): string[] {
  return blocks.flatMap((block, index) => {
    if (block.number !== index) return [`${mspId}: block ${block.number} stands where block ${index} belongs`];
    if (block.previousHash !== (blocks[index - 1]?.hash ?? ''))
      return [`${mspId}: block ${index} does not follow the one before`];
    return [];
  });
}

/** Two peers tell the same, block by block. */
export function difference(one: View, other: View): string[] {
  const names = `${one.mspId} and ${other.mspId}`;
  const broken: string[] = [];
  if (one.blocks.length !== other.blocks.length)
    broken.push(`${names} have ${one.blocks.length} and ${other.blocks.length} blocks`);
  const codes = (view: View, index: number) => view.blocks[index]?.transactions.map(({ id, code }) => `${id} ${code}`).join();
  for (let index = 0; index < Math.min(one.blocks.length, other.blocks.length); index += 1) {
    if (one.blocks[index]?.hash !== other.blocks[index]?.hash) broken.push(`${names} have two histories from block ${index}`);
    else if (codes(one, index) !== codes(other, index))
      broken.push(`${names} judge the transactions of block ${index} differently`);
    else if (one.blocks[index]?.commitHash !== other.blocks[index]?.commitHash)
      broken.push(`${names} have different commit hashes at block ${index}`);
    else continue;
    break;
  }
  if (one.stateHash !== other.stateHash) broken.push(`${names} have different states`);
  return broken;
}

class Ledger {
  readonly byId = new Map<string, Place[]>();
  readonly byOperation = new Map<string, Place[]>();

  constructor(view: View) {
    for (const place of validOf(view)) {
      const operation = operationOf(place.transaction);
      this.#add(this.byId, place.transaction.id, place);
      if (operation) this.#add(this.byOperation, operation, place);
    }
  }

  #add(table: Map<string, Place[]>, key: string, place: Place): void {
    table.set(key, [...(table.get(key) ?? []), place]);
  }

  place(transactionId: string): Place | undefined {
    return this.byId.get(transactionId)?.[0];
  }
}

function doubled({ byId, byOperation }: Ledger): string[] {
  const twice = (table: ReadonlyMap<string, Place[]>, what: string) =>
    [...table].flatMap(([key, places]) =>
      places.length > 1 ? [`${what} ${key} is there twice: ${places.map(at).join(', ')}`] : [],
    );
  return [...twice(byId, 'transaction'), ...twice(byOperation, 'operation')];
}

function lost({ operation, outcome }: Attempt, ledger: Ledger): string[] {
  if (outcome.kind !== 'ok') return [];
  const place = ledger.place(outcome.transactionId);
  if (!place) return [`${operation} was acknowledged as ${outcome.transactionId} and is not there`];
  const { block = place.block, position = place.position } = outcome;
  if (block !== place.block || position !== place.position)
    return [`${operation} was acknowledged in ${at({ block, position })} and is in ${at(place)}`];
  if (operationOf(place.transaction) !== operation)
    return [`${operation} was acknowledged as ${outcome.transactionId}, which is another operation`];
  return [];
}

/** What a failed attempt prepared never appears; neither does its operation, unless another attempt was made. */
function present(attempt: Attempt, all: readonly Attempt[], ledger: Ledger): string[] {
  const { operation, outcome, prepared } = attempt;
  if (outcome.kind !== 'failed') return [];
  const appeared = prepared.filter((id) => ledger.place(id));
  if (appeared.length > 0) return [`${operation} was reported failed (${outcome.reason}) and is there as ${appeared.join(', ')}`];
  const alone = all.every((other) => other.outcome.kind === 'failed');
  return alone && ledger.byOperation.has(operation) ? [`${operation} failed each time (${outcome.reason}) and is there`] : [];
}

/** What was said of a transaction once is said for ever, and is what the ledger says at the end. */
function flipped(history: readonly HistoryEvent[], ledger: Ledger): string[] {
  const told = history.flatMap((event) => {
    if (event.event === 'ok') return [{ id: event.transactionId, status: 'valid', operation: event.operation }];
    return event.event === 'resolved' ? [{ id: event.transactionId, status: event.status, operation: event.operation }] : [];
  });
  const byId = grouped(told, ({ id }) => id);
  return [...byId].flatMap(([id, sayings]) => {
    const said = [...new Set(sayings.map(({ status }) => status))];
    const operation = sayings[0]?.operation;
    if (said.length > 1) return [`${operation}: ${id} was told to be ${said.join(', then ')}`];
    const truth = ledger.place(id) ? 'valid' : 'invalid';
    return said[0] === truth ? [] : [`${operation}: ${id} was told to be ${said[0]} and is ${truth}`];
  });
}

/** What ended before another began stands before it. */
function disordered(attempts: readonly Attempt[], ledger: Ledger): string[] {
  const done = attempts.flatMap(({ operation, invokedAt, endedAt, outcome, prepared }) => {
    const own = outcome.kind === 'ok' && prepared.includes(outcome.transactionId);
    const place = own ? ledger.place(outcome.transactionId) : undefined;
    return place && endedAt !== undefined ? [{ operation, invokedAt, endedAt, place }] : [];
  });
  const byEnd = [...done].sort((left, right) => left.endedAt - right.endedAt);
  const broken: string[] = [];
  let next = 0;
  let latest: (typeof done)[number] | undefined;
  for (const attempt of done) {
    for (; (byEnd[next]?.endedAt ?? Number.POSITIVE_INFINITY) < attempt.invokedAt; next += 1)
      if (!latest || before(latest.place, (byEnd[next] as typeof latest).place)) latest = byEnd[next];
    if (latest && before(attempt.place, latest.place))
      broken.push(`${attempt.operation} began after ${latest.operation} had ended, and stands before it`);
  }
  return broken;
}

function before(one: Place, other: Place): boolean {
  return one.block === other.block ? one.position < other.position : one.block < other.block;
}

/**
 * @param views one of each province's peer, read when all is quiet
 * @returns sentences; none when every promise was kept
 */
export function judge(history: readonly HistoryEvent[], views: readonly View[]): string[] {
  const [first, ...others] = views;
  if (!first) return ['no peer was read'];
  const ledger = new Ledger(first);
  const attempts = attemptsOf(history);
  const byOperation = grouped(attempts, ({ operation }) => operation);
  return [
    ...views.flatMap(brokenChain),
    ...others.flatMap((other) => difference(first, other)),
    ...doubled(ledger),
    ...attempts.flatMap((attempt) => lost(attempt, ledger)),
    ...attempts.flatMap((attempt) => present(attempt, byOperation.get(attempt.operation) ?? [], ledger)),
    ...flipped(history, ledger),
    ...disordered(attempts, ledger),
  ];
}
