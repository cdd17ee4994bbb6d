/** `npm run audit -- --follow` as it runs: compiled, in a process of its own, its alarms posted to a receiver. */
import { spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import type { Alarm } from '../../network/audit/monitor.js';
import type { AuditReport } from '../../scripts/audit/report.js';
import { type AlarmReceiver, alarmReceiver } from './alarm-receiver.js';
import { temporaryFolder } from './ledger-world.js';

const ROOT = join(import.meta.dirname, '../..');
const PATIENCE = { timeout: 120_000, interval: 50 };
/** Makes the process's clock run two hundred times as fast. */
const FAST_CLOCK = 'data:text/javascript,const now=Date.now,begin=now();Date.now=()=>begin+(now()-begin)*200';

export interface FollowingEnd {
  readonly code: number | null;
  readonly report: AuditReport;
  readonly alarms: readonly Alarm[];
}

export class FollowingProcess {
  readonly #child: ReturnType<typeof spawn>;
  readonly #receiver: AlarmReceiver;
  readonly #closed: Promise<number | null>;
  #output = '';
  #complaint = '';

  private constructor(args: readonly string[], receiver: AlarmReceiver, root: string) {
    this.#receiver = receiver;
    const follow = ['dist/scripts/audit.js', '--follow', '--json', '--interval', '1', '--webhook', receiver.url];
    const env = { ...process.env, NODE_EXTRA_CA_CERTS: root };
    const fast = args.includes('--stale') ? ['--import', FAST_CLOCK] : [];
    this.#child = spawn(process.execPath, [...fast, ...follow, ...args], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk) => {
      this.#output += chunk;
    });
    this.#child.stderr?.on('data', (chunk) => {
      this.#complaint += chunk;
    });
    this.#closed = new Promise((settle) => this.#child.once('close', settle));
  }

  static async start(...args: readonly string[]): Promise<FollowingProcess> {
    const root = join(temporaryFolder(), 'root.pem');
    return new FollowingProcess(args, await alarmReceiver(root), root);
  }

  /** Its alarms are posted to a receiver that never answers. */
  static async startUnanswered(...args: readonly string[]): Promise<FollowingProcess> {
    const root = join(temporaryFolder(), 'root.pem');
    return new FollowingProcess(args, await alarmReceiver(root, false), root);
  }

  /** Until it has told of an alarm of that kind. */
  async tells(kind: Alarm['alarm']): Promise<void> {
    await vi.waitFor(() => expect(this.#output).toContain(`"alarm":"${kind}"`), PATIENCE);
  }

  /** Until it reads the file. */
  async reads(file: string): Promise<void> {
    const fds = `/proc/${this.#child.pid}/fd`;
    const opened = () => readdirSync(fds).map((fd) => readlinkSync(join(fds, fd)));
    await vi.waitFor(() => expect(opened()).toContain(file), PATIENCE);
  }

  /** Until so many alarms were posted. */
  async posts(count: number): Promise<void> {
    await vi.waitFor(() => expect(this.#receiver.posted.length).toBeGreaterThanOrEqual(count), PATIENCE);
  }

  stop(): void {
    this.#child.kill('SIGTERM');
  }

  /** Waits until it has ended; every alarm's line was posted, to the byte and in order. */
  async end(): Promise<FollowingEnd> {
    try {
      const code = await this.#closed;
      const lines = this.#output.trim().split('\n');
      const report = JSON.parse(lines.pop() ?? '') as AuditReport;
      expect(this.#receiver.posted).toEqual(lines);
      expect(this.#complaint).not.toContain('could not be sent');
      return { code, report, alarms: lines.map((line) => JSON.parse(line) as Alarm) };
    } finally {
      await this.#receiver.close();
    }
  }

  /** Waits until it has ended, whatever became of its posts. @returns what it complained of, too */
  async endUnanswered(): Promise<{ readonly code: number | null; readonly complaint: string }> {
    const code = await this.#closed;
    await this.#receiver.close();
    return { code, complaint: this.#complaint };
  }

  /** For a test that failed: nothing stays behind. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }
}
