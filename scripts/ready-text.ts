/** What a newcomer reads once the server is ready: where it is, what to try, where the data are. */
import type { AddressInfo } from 'node:net';
import type { RunningServer } from '../api/server.js';
import type { Settings } from '../api/settings.js';
import { REGISTRARS } from '../network/registrars.js';
import { addressOf } from './address.js';
import { agency } from './demo/agencies.js';

/** The settings that another terminal needs too, so that its commands find this server. */
function environment(settings: Settings, port: number): string {
  const changed = [];
  if (settings.ledger === 'fabric') changed.push('LEDGER=fabric', `FABRIC_PROFILE=${settings.fabricProfile}`);
  if (process.env.DATA_DIR !== undefined) changed.push(`DATA_DIR=${settings.dataDir}`);
  if (port !== 8080) changed.push(`PORT=${port}`);
  return changed.map((setting) => `${setting} `).join('');
}

/** Whom this API can give a token that it then accepts. */
function registrarOf({ province }: Settings): string {
  const served = REGISTRARS.find((registrar) => province === undefined || registrar.province === province);
  return served?.agencyId ?? '';
}

/** @param demonstrated whether the demonstration's records are there to be asked about */
export function readyText({ app }: RunningServer, settings: Settings, demonstrated: boolean): string {
  const { port } = app.server.address() as AddressInfo;
  const address = addressOf({ ...settings, port });
  const prefix = environment(settings, port);
  const curl = settings.tls ? 'curl -k' : 'curl';
  const file = (name: string) => `${curl} -F file=@scripts/demo/files/${name} ${address}/v1/verify`;
  const who = demonstrated ? agency('shanghai.audit').agencyId : registrarOf(settings);
  const asked = demonstrated ? `${address}/v1/cases` : `${address}/v1/agencies/${who}/history`;
  const documents = [
    '  核验一份证照 Check a certificate: the licence, an annotated copy, one that another replaced',
    `    ${file('food-licence.pdf')}`,
    `    ${file('food-licence-annotated.pdf')}`,
    `    ${file('licence-hangzhou.pdf')}`,
    '  四省市共同清单 What the four agreed on',
    `    ${curl} '${address}/v1/catalogue/service-items?domain=birth'`,
  ];
  const scenario = ['  演示一个场景 Play a scenario, step by step', `    ${prefix}npm run demo -- 1`];
  return [
    '',
    `就绪 Ready: ${address}   (文档 docs: ${address}/docs)`,
    '',
    ...(demonstrated ? documents : []),
    '  以机构身份查询 Ask as an agency',
    `    ${curl} -H "authorization: Bearer $(${prefix}npm run --silent token -- ${who})" ${asked}`,
    ...(demonstrated ? scenario : []),
    '  账本 The ledger, and whether the installation is sound',
    `    ${curl} ${address}/v1/ledger`,
    `    ${prefix}npm run doctor`,
    '',
    `数据 Data: ${settings.dataDir}   (Ctrl-C 停止 stops)`,
  ].join('\n');
}
