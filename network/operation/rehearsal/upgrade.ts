/** Runbook: new code in four provinces, one after another, and then its feature. */
import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { CHAINCODE_NAME, CHANNEL } from '../../channel.js';
import type { Member } from '../../definition/definition.js';
import { readRecord, registrarOf } from '../as-agency.js';
import { peerCommand } from '../commands.js';
import { attempt } from '../run-program.js';
import { finishUpgrade, upgradeProvince } from '../upgrade-chaincode.js';
import { anotherBuild, FEATURE } from './another-build.js';
import type { Stage } from './stage.js';

async function codeOf({ network }: Stage, member: Member): Promise<string> {
  const query = JSON.stringify({ function: 'ledger:GetCodeInfo', Args: [] });
  const command = ['chaincode', 'query', '-C', CHANNEL, '-n', CHAINCODE_NAME, '-c', query];
  const { code, output } = await attempt(peerCommand(network, member, command));
  return code === 0 ? JSON.parse(output).codeDigest : '';
}

/** An instrument that these provinces' peers endorse; its record as Anhui has it. */
async function instrument(stage: Stage, endorsers: readonly Member[]): Promise<Record<string, unknown> | undefined> {
  const [shanghai, , , anhui] = stage.members;
  const code = `upgrade-${randomBytes(5).toString('hex')}`;
  const digest = { alg: 'sha-256', value: '0'.repeat(64) };
  const input = { code, title: { zh: '规定' }, issuer: '演练', effectiveFrom: '2026-01-01T00:00:00Z', digest };
  const refused = await stage.write(registrarOf(shanghai), 'registry:RegisterInstrument', input, endorsers);
  if (refused) throw new Error(refused);
  return readRecord(stage.network, anhui, `instrument~${code}`);
}

export async function rehearseUpgrade(stage: Stage): Promise<void> {
  stage.begin('upgrade');
  const { network, members } = stage;
  const [shanghai, jiangsu, zhejiang, anhui] = members;
  const three = [shanghai, jiangsu, anhui];
  const { build, folder } = anotherBuild();
  try {
    await stage.check('a province whose peer was rebuilt is told to change with the definition', async () => {
      const said = await upgradeProvince(network, zhejiang, build).catch((error: Error) => error.message);
      return said === undefined || said.includes('--finish');
    });
    for (const member of [shanghai, jiangsu, anhui]) {
      await stage.check(`${member.province.slug} changes to the new code`, () => upgradeProvince(network, member, build));
      await stage.check('…, says so, and endorses the same writes as two others', async () => {
        const says = await stage.until(async () => (await codeOf(stage, member)) === build.codeDigest);
        const others = three.filter((other) => other !== member);
        return says && (await instrument(stage, [member, ...others]))?.mark === undefined;
      });
    }
    await stage.check('the channel’s definition gets the new version', () => finishUpgrade(network, build));
    await stage.check('…, and four provinces run it and endorse under it as before', async () => {
      const all = () => Promise.all(members.map((member) => codeOf(stage, member)));
      const same = await stage.until(async () => (await all()).every((code) => code === build.codeDigest));
      return same && (await instrument(stage, members))?.mark === undefined;
    });
    const approve = (member: Member) => stage.write(registrarOf(member), 'registry:ApproveFeature', { feature: FEATURE });
    await stage.check('two registrars approve the feature: nothing changes', async () => {
      const said = [await approve(shanghai), await approve(jiangsu)];
      return said.join('') === '' && (await instrument(stage, members))?.mark === undefined;
    });
    await stage.check('the third approves: the new rule holds, in four provinces', async () => {
      return (await approve(zhejiang)) === '' && (await instrument(stage, members))?.mark === true;
    });
    await stage.check('a fourth approval is refused', async () => (await approve(anhui)).includes('feature.state'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
