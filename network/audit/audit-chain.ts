/** A whole chain, from block 0 to its end, and what it comes to. */
import { createDispatcher, type Dispatcher } from '../embedded/dispatcher.js';
import type { Block } from '../format/block.js';
import type { ChannelInForce } from '../identity/in-force.js';
import type { Member } from '../identity/msp.js';
import { auditBlock, type BlockDeps } from './audit-block.js';
import { AuditedState } from './audited-state.js';
import { CannotTell, Differs } from './difference.js';
import type { LedgerRules } from './ledger-rules.js';
import { lookAhead } from './look-ahead.js';
import type { BlockSource } from './source.js';

/** Where the audit is after some block: all before it was found right. */
export interface Audited {
  readonly height: number;
  /** of the last block, 64 hex */
  readonly blockHash: string;
  /** Fabric's commit hash after the last block, 64 hex: it binds every state update since block 0 */
  readonly stateHash: string;
  readonly transactions: number;
  readonly executed: number;
  /** of these, endorsed under another version of the contracts than this build's, and found equal */
  readonly otherCode: number;
}

/** What else is compared while the chain is read. */
export interface Companion {
  /** after each block that was found right; the state is as it leaves it */
  afterBlock?(
    block: Block,
    at: Audited,
    state: AuditedState,
    from: { readonly read: number; readonly channel: ChannelInForce; readonly signers: readonly Member[] },
  ): Promise<void> | void;
  /** at the chain's end */
  atEnd?(at: Audited, state: AuditedState, channel: ChannelInForce): Promise<void> | void;
}

/** A place that the chain must pass through. */
export interface Before {
  readonly height: number;
  readonly blockHash: string;
  /** other contracts executed up to there: all is checked again */
  readonly otherCode?: boolean;
}

export interface ChainAudit {
  readonly source: BlockSource;
  readonly rules: LedgerRules;
  readonly companions: readonly Companion[];
  /** an earlier audit's word: so many blocks, the last of this hash, were found right; signatures and executions of these are not repeated */
  readonly before?: Before;
  readonly dispatcher?: Dispatcher;
  /** asked at the end that the source has: whether to read on, when there may be more. Then a chain shorter than `before` is for it to judge. */
  more?(at: Audited, channel: ChannelInForce): Promise<boolean>;
}

const NOTHING: Audited = { height: 0, blockHash: '', stateHash: '', transactions: 0, executed: 0, otherCode: 0 };

/** A chain that is shorter than it was has lost its end. */
export function checkLength(height: number, at: Audited, where = 'an earlier audit'): void {
  if (at.height >= height) return;
  const problem = `the chain ends with block ${at.height - 1}, and ${where} has ${height} blocks`;
  throw new Differs({
    check: 'checkpoint',
    block: at.height,
    problem,
    expected: `${height} blocks`,
    found: `${at.height} blocks`,
  });
}

function checkBefore({ before }: ChainAudit, at: Audited): void {
  if (!before || at.height !== before.height || at.blockHash === before.blockHash) return;
  throw new Differs({
    check: 'checkpoint',
    block: at.height - 1,
    problem: `block ${at.height - 1} is not the one that an earlier audit found right: the chain was rewritten, or its progress file is of another chain`,
    expected: before.blockHash,
    found: at.blockHash,
  });
}

class ChainAuditor {
  readonly #audit: ChainAudit;
  readonly #deps: BlockDeps;
  at = NOTHING;
  channel: ChannelInForce | undefined;

  constructor(audit: ChainAudit, deps: BlockDeps) {
    this.#audit = audit;
    this.#deps = deps;
  }

  /** To the end that the source has now. */
  async readOn(): Promise<void> {
    const { source, companions, before } = this.#audit;
    const checkedBefore = before && !before.otherCode ? before.height : 0;
    const from = { number: this.at.height, previousHash: Buffer.from(this.at.blockHash, 'hex'), channel: this.channel };
    for await (const ahead of lookAhead(source, this.#audit.rules, { ...from, checkedBefore })) {
      const { block, hash } = ahead;
      this.channel = ahead.next;
      const audited = await auditBlock(this.#deps, ahead, Buffer.from(this.at.stateHash, 'hex'));
      this.at = {
        height: block.header.number + 1,
        blockHash: hash.toString('hex'),
        stateHash: Buffer.from(block.commitHash).toString('hex'),
        transactions: this.at.transactions + block.data.length,
        executed: this.at.executed + audited.executed,
        otherCode: this.at.otherCode + audited.otherCode,
      };
      checkBefore(this.#audit, this.at);
      const from = { ...ahead, signers: audited.signers };
      for (const companion of companions) await companion.afterBlock?.(block, this.at, this.#deps.state, from);
    }
  }

  async end(): Promise<void> {
    const { source, companions, before, more } = this.#audit;
    if (!this.channel) throw new CannotTell(`${source.name} holds no block: there is nothing to audit`);
    if (before && !more) checkLength(before.height, this.at);
    for (const companion of companions) await companion.atEnd?.(this.at, this.#deps.state, this.channel);
  }
}

/** @throws Differs at the first difference, CannotTell */
export async function auditChain(audit: ChainAudit): Promise<Audited> {
  const state = new AuditedState();
  try {
    const dispatcher = audit.dispatcher ?? (await createDispatcher());
    const auditor = new ChainAuditor(audit, { source: audit.source, rules: audit.rules, state, dispatcher });
    do await auditor.readOn();
    while (auditor.channel && (await audit.more?.(auditor.at, auditor.channel)));
    await auditor.end();
    return auditor.at;
  } finally {
    state.close();
  }
}
