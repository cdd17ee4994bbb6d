/**
 * One call on a host that operates one province, for `npm run network -- test`:
 * `call.js submit <folder> <contract:Function> <argument> <endorsing provinces>` or `call.js read <folder> <record key>`.
 */
import { invoke, readRecord, registrarOf } from '../../network/operation/as-agency.js';
import { openNetwork } from '../../network/operation/open-network.js';

const [verb, folder = '', name = '', argument = '', endorsing = ''] = process.argv.slice(2);
try {
  const network = openNetwork(folder);
  const [home] = network.operated;
  if (!home) throw new Error(`${folder} operates no province`);
  if (verb === 'read') {
    const record = await readRecord(network, home, name);
    console.log(record ? JSON.stringify(record) : '');
  } else {
    const slugs = endorsing.split(',');
    const endorsers = network.definition.members.filter(({ province }) => slugs.includes(province.slug));
    const { code, complaint } = await invoke(network, registrarOf(home), [name, argument], endorsers);
    if (code !== 0) throw new Error(complaint);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
