import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.js';

// A network's writes take many times as long as the embedded ledger's.
const longer = process.env.LEDGER === 'fabric' ? 5 : 1;

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    reporters: [['default', { summary: false }], './test/support/counting-reporter.ts'],
    testTimeout: 60_000 * longer,
    hookTimeout: 120_000 * longer,
    maxWorkers: 2,
    // Files of one worker share what they import: loading it anew for each takes longer than most of them.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
});
