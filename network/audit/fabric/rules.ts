/** How a network's blocks are judged: by the configuration in force, the definitions of chaincodes and the state before. */
import { CHAINCODE_NAME } from '../../channel.js';
import { updatesOf } from '../../embedded/block-builder.js';
import type { CheckedTransaction } from '../../embedded/validation.js';
import type { Block } from '../../format/block.js';
import { commitHashOf } from '../../format/commit-hash.js';
import { configurationIn } from '../../format/configuration.js';
import { VALIDATION_CODE } from '../../format/validation-code.js';
import type { ChannelInForce } from '../../identity/in-force.js';
import { channelAfter, channelOfGenesis, checkLastConfig, type PinnedRoots } from '../../identity/trail.js';
import type { AuditedState } from '../audited-state.js';
import { Differs } from '../difference.js';
import { type LedgerRules, type Settled, settleInOrder } from '../ledger-rules.js';
import { endorsementOf } from './definition.js';
import { type JudgedEnvelope, judgeEnvelope } from './judge-envelope.js';
import { batchesOf } from './state-keys.js';

function told<T>(number: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    throw new Differs({ check: 'configuration', block: number, problem: `block ${number}: ${message}` });
  }
}

/** The code that comes before the question in which order things stand in the block. */
function settled(state: AuditedState, channel: ChannelInForce, { id, code, reason, action }: JudgedEnvelope): Settled {
  if (code !== VALIDATION_CODE.VALID || !action) return { code, ...(reason ? { reason } : {}) };
  const before = state.transaction(id);
  if (before)
    return {
      code: VALIDATION_CODE.DUPLICATE_TXID,
      reason: `its id stands in block ${before.block}, transaction ${before.position}`,
    };
  if (action.then) return action.then;
  const { chaincode, sets, endorsers } = action;
  const endorsement = endorsementOf(state, channel, chaincode, sets, endorsers);
  if (endorsement === 'met') return { code };
  if (endorsement === 'undefined-chaincode')
    return { code: VALIDATION_CODE.INVALID_CHAINCODE, reason: `${chaincode} is no chaincode that the members defined` };
  const who = endorsers.map(({ mspId, unit }) => `${mspId}.${unit}`).join(', ') || 'nobody';
  const said = `${who} endorsed it, which is not enough`;
  return { code: VALIDATION_CODE.ENDORSEMENT_POLICY_FAILURE, reason: reason ? `${said}; ${reason}` : said };
}

/** Nothing that writes our contracts' state may be passed over, whatever way it found to do so. */
function foreign({ action, call }: JudgedEnvelope): string | undefined {
  if (!action) return undefined;
  if (action.chaincode === CHAINCODE_NAME) return call ? undefined : 'it holds no call that our contracts could have answered';
  const writes = action.sets.find(({ namespace }) => namespace === CHAINCODE_NAME)?.writes ?? [];
  return writes.length > 0 ? `a transaction of ${action.chaincode} writes our contracts' state` : undefined;
}

export function fabricRules(pinned: PinnedRoots): LedgerRules {
  return {
    genesis: (block) => told(0, () => channelOfGenesis(block, pinned)),
    after(channel, block) {
      const brings = configurationIn(block) !== undefined;
      return told(block.header.number, () => {
        checkLastConfig(block, channel, brings);
        return brings ? channelAfter(channel, block) : channel;
      });
    },
    signsGenesis: false,
    judge: judgeEnvelope,
    settle(state, channel, judged: readonly JudgedEnvelope[]) {
      const first = judged.map((one) => settled(state, channel, one));
      const checked = judged.map((one, position): CheckedTransaction => ({ ...one, code: (first[position] as Settled).code }));
      return settleInOrder(state, checked).map(({ code }, position) => {
        const before = first[position] as Settled;
        return code === before.code ? before : { code };
      });
    },
    updates: updatesOf,
    foreign,
    commitHash: (block: Block, updates, previous) =>
      // A peer computes none for the block that it joined with.
      block.header.number === 0 ? Buffer.alloc(0) : commitHashOf(block.filter, batchesOf(updates), previous),
  };
}
