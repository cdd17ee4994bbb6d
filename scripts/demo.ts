/** `npm run demo -- [scenario]`: plays a scenario, or all six, over HTTP against a running server. */
import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { readSettings, SettingsFault } from '../api/settings.js';
import { addressOf } from './address.js';
import { type Client, createClient } from './demo/client.js';
import { DemoFault } from './demo/fault.js';
import { memoryInProcess } from './demo/memory.js';
import type { Scenario } from './demo/scenario.js';
import { SCENARIOS } from './demo/scenarios/index.js';
import { isSeeded, seed } from './demo/seed.js';
import { Stage } from './demo/stage.js';
import { tokensOf } from './demo/tokens.js';
import { issuerOf, NoDataFolder } from './issuer.js';

/** A name for this run that no other has; letters only, so that no id reads as a number of somebody. */
function freshRun(): string {
  return Array.from({ length: 8 }, () => String.fromCharCode(65 + randomInt(26))).join('');
}

async function play(client: Client, { number, title, play: perform }: Scenario): Promise<void> {
  console.log(`\n场景 ${number}：${title.zh}\nScenario ${number}: ${title.en}\n`);
  let step = 0;
  const tell = (zh: string, en: string, detail?: string) => {
    step += 1;
    console.log(`${String(step).padStart(3)}. ${zh}\n     ${en}${detail === undefined ? '' : `\n     ${detail}`}`);
  };
  await perform(
    new Stage({ client, telling: { tell }, scenario: number, run: freshRun(), memory: memoryInProcess(), originals: false }),
  );
  console.log(`\n场景 ${number} 完成，全部核对通过。Scenario ${number} is done, everything it claims was checked.`);
}

function chosen(text: string | undefined): readonly Scenario[] {
  if (text === undefined) return SCENARIOS;
  const found = SCENARIOS.filter(({ number }) => String(number) === text);
  if (found.length > 0) return found;
  const list = SCENARIOS.map(({ number, title }) => `  ${number}  ${title.zh} / ${title.en}`).join('\n');
  throw new DemoFault(`There is no scenario ${text}.`, `Choose one of these, or none for all:\n${list}`);
}

async function run(text: string | undefined): Promise<void> {
  const scenarios = chosen(text);
  const settings = readSettings();
  const token = tokensOf(await issuerOf(resolve(settings.dataDir)));
  const client = createClient({ address: addressOf(settings), token });
  if (!(await isSeeded(client))) await seed({ client, progress: (zh, en) => console.log(`${zh}  ${en}`) });
  for (const scenario of scenarios) await play(client, scenario);
}

const program = new Command('demo')
  .description('Plays a scenario from the provinces’ practice over HTTP against a running server.')
  .argument('[scenario]', 'its number, 1 to 6; all of them without it')
  .action(async (text: string | undefined) => {
    try {
      await run(text);
    } catch (error) {
      if (!(error instanceof DemoFault || error instanceof NoDataFolder || error instanceof SettingsFault)) throw error;
      process.stderr.write(`${error.message}\n`);
      process.exitCode = 1;
    }
  });

await program.parseAsync();
