import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenBatch } from '../../api/anchors/journal.js';
import { Lane } from '../../api/anchors/lane.js';
import { ANCHOR_LIMIT } from '../../chaincode/transactions/anchor/batch.js';

/** A lane whose flights end when a test says so, under a clock that a test moves. */
class World {
  readonly sent: number[] = [];
  readonly #landings = new Map<number, () => void>();
  isWriting = false;
  readonly lane = new Lane({
    send: ({ number }) => {
      this.sent.push(number);
      return new Promise((resolve) => this.#landings.set(number, resolve));
    },
    close: () => !this.isWriting,
  });

  fills(number: number, size = 1): void {
    this.lane.filled([{ number, size } as OpenBatch]);
  }

  async lands(number: number): Promise<void> {
    this.#landings.get(number)?.();
    await vi.advanceTimersByTimeAsync(0);
  }

  /** One flight that took so long, which makes a fifth of the estimate. */
  async flight(number: number, milliseconds: number): Promise<void> {
    this.fills(number);
    await vi.advanceTimersByTimeAsync(milliseconds);
    await this.lands(number);
  }
}

describe('the batch at work', () => {
  let world: World;
  beforeEach(() => {
    vi.useFakeTimers();
    world = new World();
  });
  afterEach(() => {
    world.lane.stop();
    vi.useRealTimers();
  });

  it('leaves at once when nothing is in flight', () => {
    world.fills(1);
    expect(world.sent).toEqual([1]);
  });

  it('waits behind another for half as long again as a flight takes of late, and not longer', async () => {
    await world.flight(1, 2000);
    world.fills(2);
    world.fills(3);
    expect(world.sent).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(599);
    expect(world.sent).toEqual([1, 2]);
    await vi.advanceTimersByTimeAsync(1);
    expect(world.sent).toEqual([1, 2, 3]);
  });

  it('is as old as its first record: what comes later makes it wait no longer', async () => {
    await world.flight(1, 2000);
    world.fills(2);
    world.fills(3);
    await vi.advanceTimersByTimeAsync(400);
    world.fills(3, 700);
    await vi.advanceTimersByTimeAsync(200);
    expect(world.sent).toEqual([1, 2, 3]);
  });

  it('leaves when it is full, however young, and when the one before lands', async () => {
    await world.flight(1, 2000);
    world.fills(2);
    world.fills(3, ANCHOR_LIMIT);
    expect(world.sent).toEqual([1, 2, 3]);
    world.fills(4);
    expect(world.sent).toEqual([1, 2, 3]);
    await world.lands(2);
    await world.lands(3);
    expect(world.sent).toEqual([1, 2, 3, 4]);
  });

  it('stays while four are in flight', async () => {
    for (const number of [1, 2, 3, 4]) world.fills(number, ANCHOR_LIMIT);
    world.fills(5);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(world.sent).toEqual([1, 2, 3, 4]);
    await world.lands(2);
    expect(world.sent).toEqual([1, 2, 3, 4, 5]);
  });

  it('comes again while the journal is writing', async () => {
    world.isWriting = true;
    world.fills(1);
    await vi.advanceTimersByTimeAsync(50);
    expect(world.sent).toEqual([]);
    world.isWriting = false;
    await vi.advanceTimersByTimeAsync(5);
    expect(world.sent).toEqual([1]);
  });
});
