/** What the four peers answer when an identity asks them: whether they know it, the channel, the chaincode, and what time it is. */
import { CODE_DIGEST } from '../../chaincode/generated/code-digest.js';
import { CHAINCODE_NAME, CHANNEL, TIME_WINDOW_MS } from '../../network/channel.js';
import type { Probed } from '../../network/fabric/probe.js';
import { type Finding, fault, note, ok } from './finding.js';

export type Hop = 'clock' | 'msp' | 'channel' | 'chaincode' | 'connection';

interface Trouble {
  readonly mspId: string;
  readonly hop: Hop;
  readonly said: string;
}

/** The peers say what is wrong as text only; what no pattern knows is a matter of the connection. */
const PATTERNS: readonly (readonly [RegExp, Hop])[] = [
  [/creator org unknown|access denied|not one of .*'s authority|not of a peer/, 'msp'],
  [/channel '?[^' ]*'? (?:was )?not found|channel does not exist|failed getting local policy/, 'channel'],
  [/chaincode|could not launch|connection to .* failed/i, 'chaincode'],
];

const ADVICE: Readonly<Record<Hop, string>> = {
  connection: 'See tls above; if that is well, look at the log of that peer (npm run network -- status).',
  clock: `Set this machine's clock by NTP (timedatectl set-ntp true), or that peer's: ${TIME_WINDOW_MS / 60_000} minutes are allowed.`,
  msp: 'The profile has another authority for that province than the network: take its roots, and the authority that signs here, from the province itself.',
  channel: `That peer is not in the channel ${CHANNEL}: npm run network -- up lets it join.`,
  chaincode: `That province's chaincode service does not run, or ${CHAINCODE_NAME} is not approved there: npm run network -- up starts it.`,
};

function troubleOf({ province: { mspId }, answer }: Probed): Trouble | undefined {
  switch (answer.kind) {
    case 'endorsed':
      return undefined;
    case 'clock':
      return { mspId, hop: 'clock', said: answer.message };
    case 'refused':
      return { mspId, hop: 'msp', said: `it does not accept who asks (${answer.refusal.code})` };
    case 'failed':
      return { mspId, hop: 'chaincode', said: answer.message };
    case 'trouble': {
      const hop = PATTERNS.find(([pattern]) => pattern.test(answer.message))?.[1] ?? 'connection';
      return { mspId, hop, said: answer.message };
    }
  }
}

function digestOf({ answer }: Probed): string | undefined {
  if (answer.kind !== 'endorsed') return undefined;
  const { codeDigest } = JSON.parse(Buffer.from(answer.response.payload).toString('utf8')) as { codeDigest: string };
  return codeDigest;
}

function judgeCode(probed: readonly Probed[]): Finding[] {
  const running = probed.flatMap((each) => {
    const digest = digestOf(each);
    return digest === undefined ? [] : [{ mspId: each.province.mspId, digest }];
  });
  if (running.length === 0) return [];
  const others = running.filter(({ digest }) => digest !== CODE_DIGEST);
  if (others.length === 0)
    return [ok('code', `${running.length} provinces run the contracts of this build, ${CODE_DIGEST.slice(0, 16)}`)];
  const list = others.map(({ mspId, digest }) => `${mspId} ${digest.slice(0, 16)}`).join(', ');
  const advice =
    'Compare the builds with those provinces: all four upgrade to one (network/runbooks/README.md, Chaincode upgraded), and so does this API.';
  return [note('code', `this build is ${CODE_DIGEST.slice(0, 16)}, but ${list}`, advice)];
}

/** One finding for each hop that is well with all four, one for each peer where it is not. */
export function judgeAnswers(probed: readonly Probed[]): Finding[] {
  const troubles = probed.flatMap((each) => troubleOf(each) ?? []);
  const findings = troubles.map(({ mspId, hop, said }) => fault(hop, `peer of ${mspId}: ${said}`, ADVICE[hop]));
  const well = probed.length - troubles.length;
  if (well > 0) {
    const seen: readonly Hop[] = ['clock', 'msp', 'channel', 'chaincode'];
    const fine = seen.filter((hop) => !troubles.some((trouble) => trouble.hop === hop));
    findings.push(...fine.map((hop) => ok(hop, `${well} of ${probed.length} peers answer as they should`)));
  }
  return [...findings, ...judgeCode(probed)];
}
