/**
 * Which files begin: those that take the longest, or one of them would run alone at the end, with nothing beside
 * it. Within these and within the others the order is Vitest's own.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * What takes a minute and more, and keeps to itself: many histories, many kills of a ledger. What brings up networks
 * and servers is left among the short ones, so that no two of them take each other's processors.
 */
const LONG = ['model/histories', 'ledger/kills', 'ledger/failing-calls', 'ledger/flipped-bits', 'unit/packed-trees'];

function rank({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((name) => moduleId.endsWith(`test/${name}.test.ts`));
  return place < 0 ? LONG.length : place;
}

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((left, right) => rank(left) - rank(right));
  }
}
