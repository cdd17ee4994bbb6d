/** Ends a run with what was skipped and why, and one line that counts: `N passed, N failed, N skipped`. */
import type { Reporter, TestCase, TestModule, TestSuite } from 'vitest/node';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Suites that are skipped whole say why in their name: each of their tests counts, under that one reason. */
const REASON_IN_NAME = /skipped: ([^>]+?)(?: >|$)/;

function reasonOf(test: TestCase): string {
  const result = test.result();
  const note = result.state === 'skipped' ? result.note : undefined;
  return note ?? REASON_IN_NAME.exec(test.fullName)?.[1] ?? `not run: ${test.fullName}`;
}

function count(counts: Counts, reasons: Map<string, number>, test: TestCase): void {
  const result = test.result();
  if (result.state === 'passed') counts.passed += 1;
  else if (result.state === 'failed') counts.failed += 1;
  else {
    counts.skipped += 1;
    const reason = reasonOf(test);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
}

/** A module or suite that failed outside its tests: an import or a hook. */
function brokenOutsideTests(part: TestModule | TestSuite): boolean {
  return part.errors().length > 0;
}

export default class CountingReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts: Counts = { passed: 0, failed: errors.length, skipped: 0 };
    const reasons = new Map<string, number>();
    for (const module of modules) {
      if (brokenOutsideTests(module)) counts.failed += 1;
      for (const suite of module.children.allSuites()) if (brokenOutsideTests(suite)) counts.failed += 1;
      for (const test of module.children.allTests()) count(counts, reasons, test);
    }
    const lines = [...reasons].map(([reason, times]) => `skipped (${times}): ${reason}`);
    lines.push(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
    process.on('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }
}
