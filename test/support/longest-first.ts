/**
 * Which files begin: those that take the longest, or one of them would run alone at the end, with nothing beside
 * it. Within these and within the others the order is Vitest's own.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** What takes half a minute and more: kills, processes, live networks, many histories. */
const LONG = [
  'model/histories',
  'network/four-hosts',
  'network/modification-policies',
  'process/audit-on-fabric',
  'process/doctor-on-fabric',
  'process/anchor-kills',
  'process/server-kills',
  'process/starting-again',
  'process/start-on-fabric',
  'ledger/kills',
  'ledger/failing-calls',
  'ledger/flipped-bits',
  'ledger/truncation',
  'conformance/scenarios',
  'network/messages',
  'network/up',
  'fabric/acknowledged',
  'api/authorisation-matrix',
  'unit/packed-trees',
  'proof/mutations',
];

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
