/**
 * One call on a host that operates one province, for `npm run network -- test`:
 * `call.js submit <folder> <contract:Function> <argument> <endorsing provinces>` or `call.js read <folder> <record key>`.
 */
import { readRecordAt, submitAsRegistrar } from '../../network/operation/as-registrar.js';
import type { Network } from '../../network/operation/commands.js';
import { definitionOf, operatedBy, readRecord } from '../../network/operation/network-record.js';
import { findPrograms } from '../../network/operation/programs.js';

function networkIn(root: string): Network {
  const record = readRecord(root);
  if (!record) throw new Error(`no network in ${root}`);
  const definition = definitionOf(root, record, undefined);
  return { root, definition, operated: operatedBy(record, definition), programs: findPrograms() };
}

const [verb, folder = '', name = '', argument = '', endorsing = ''] = process.argv.slice(2);
try {
  const network = networkIn(folder);
  const [home] = network.operated;
  if (!home) throw new Error(`${folder} operates no province`);
  if (verb === 'read') console.log(await readRecordAt(network, home, name));
  else {
    const slugs = endorsing.split(',');
    const endorsers = network.definition.members.filter(({ province }) => slugs.includes(province.slug));
    await submitAsRegistrar(network, home, { function: name, argument, endorsers });
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
