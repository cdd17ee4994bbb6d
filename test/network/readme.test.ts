import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BLOCK, COMMAND_WAITS_FOR_PEERS, CONSENSUS, PEER } from '../../network/definition/limits.js';

describe('the times that network/README.md names', () => {
  const readme = readFileSync('network/README.md', 'utf8');
  const said = (...times: readonly string[]) =>
    times
      .map((time) => time.replace(/^(\d+)(ms|s|m)$/, (_, number, unit) => `${number} ${unit === 'm' ? 'min' : unit}`))
      .join(', ');

  it('are the ones the nodes are given', () => {
    const { LeaderHeartbeatTimeout, ViewChangeTimeout, ViewChangeResendInterval, RequestBatchMaxInterval } = CONSENSUS;
    const { RequestForwardTimeout, RequestComplainTimeout, RequestAutoRemoveTimeout } = CONSENSUS;
    expect(readme).toContain(`| batch | ${said(RequestBatchMaxInterval)}, ${BLOCK.MaxMessageCount} transactions,`);
    expect(readme).toContain(`| ${said(LeaderHeartbeatTimeout, ViewChangeTimeout, ViewChangeResendInterval)} |`);
    expect(readme).toContain(`| ${said(RequestForwardTimeout, RequestComplainTimeout, RequestAutoRemoveTimeout)} |`);
    expect(readme).toContain(`| ${said(PEER.reconnectBackoff, PEER.censorship)} |`);
    expect(readme).toContain(`| a command of \`peer\` waits for the peers | ${said(COMMAND_WAITS_FOR_PEERS)} |`);
    expect(readme).toContain(`| ${said(PEER.chaincodeDial, PEER.chaincodeStart, PEER.chaincodeExecute)} |`);
    expect(readme).toContain(`| ${PEER.endorser}, ${PEER.deliver}, ${PEER.gateway} |`);
    expect(readme).toContain(`| requests pooled in an orderer | ${CONSENSUS.RequestPoolSize} |`);
  });
});

describe('where messages of the network and the doctor point to', () => {
  const sources = ['network/operation', 'network/definition', 'scripts/doctor', 'scripts/network'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(join(folder, name), 'utf8')),
  );
  const pointers = sources.flatMap((text) =>
    [...text.matchAll(/(network\/(?:runbooks\/)?README\.md), ([A-Z][a-z]+(?: [a-z]+)*)/g)].map(
      ([, file = '', section = '']) => [file, section] as const,
    ),
  );

  it('is a section that there is', () => {
    expect(new Set(pointers.map(([, section]) => section))).toEqual(
      new Set(['Certificates', 'Chaincode upgraded', 'Where systemd runs the nodes']),
    );
    for (const [file, section] of pointers) expect(readFileSync(file, 'utf8')).toContain(`\n## ${section}\n`);
  });

  it('is no README without a section', () => {
    const bare = sources.flatMap((text) => text.match(/network\/(?:runbooks\/)?README\.md(?!, [A-Z])[^\n]*/g) ?? []);
    expect(bare).toEqual([]);
  });
});
