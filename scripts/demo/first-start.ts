/**
 * What a first start puts on a new ledger: everything the scenarios stand on, and the scenarios. Ids and
 * idempotency keys are fixed and times are remembered in the data folder, so a start that was killed goes on
 * where it was. The records themselves are on the ledger: of a network, another API may have put them there.
 */
import { agency } from './agencies.js';
import type { Client } from './client.js';
import { memoryInFile } from './memory.js';
import { SCENARIOS } from './scenarios/index.js';
import { seed } from './seed.js';
import { caseIdOf, Stage } from './stage.js';

export interface FirstStart {
  readonly client: Client;
  /** where the run remembers its times and salts, and that it is done */
  readonly file: string;
  readonly progress: (zh: string, en: string) => void;
}

const RUN = 'FIRST';
/** Registrars of four provinces are all that genesis knows. */
const FOUNDERS = 4;

export type Outcome =
  | 'played'
  | 'played-before'
  /** by another API of the same network, or by this one on a data folder that is gone */
  | 'played-elsewhere'
  /** the ledger has other records, or another start's that did not come to their end */
  | 'not-new';

async function isUntouched(client: Client): Promise<boolean> {
  const { items } = await client.get('/v1/agencies?limit=5');
  return (items as unknown[]).length === FOUNDERS;
}

/** Whether the case that each scenario turns on is closed; who audits sees all of them. */
async function isPlayed(client: Client): Promise<boolean> {
  for (const { number, matter } of SCENARIOS) {
    const caseId = caseIdOf(number, RUN, matter);
    const { status, body } = await client.ask('GET', `/v1/cases/${caseId}`, agency('shanghai.audit'));
    if (status !== 200 || body.status !== 'closed') return false;
  }
  return true;
}

/** @throws DemoFault when a step does not go as it must */
export async function playFirstStart({ client, file, progress }: FirstStart): Promise<Outcome> {
  const memory = memoryInFile(file);
  if (memory.known('finished')) return 'played-before';
  if (!memory.known('begun') && !(await isUntouched(client))) return (await isPlayed(client)) ? 'played-elsewhere' : 'not-new';
  memory.recall('begun', () => new Date().toISOString());
  await seed({ client, progress });
  await Promise.all(
    SCENARIOS.map(async ({ number, title, play }) => {
      const telling = { tell: () => {} };
      await play(new Stage({ client, telling, scenario: number, run: RUN, memory, originals: true }));
      progress(`场景 ${number} 已演示：${title.zh}`, `scenario ${number} played: ${title.en}`);
    }),
  );
  memory.recall('finished', () => new Date().toISOString());
  return 'played';
}
