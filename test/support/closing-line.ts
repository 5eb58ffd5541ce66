import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * Ends a run with one plain line, `N passed, N failed, N skipped`, and says which tests did not run for want of a real client.
 * In CI a skipped test fails the run: what was not exercised is not proven.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests: TestCase[] = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const broken = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    const failed = tests.length - passed - skipped.length + broken + errors.length;
    if (skipped.length > 0) {
      console.log(`\nNot exercised (install skopeo and the aws command line to run them):`);
      for (const test of skipped) console.log(`  ${test.module.relativeModuleId}: ${test.fullName}`);
      if (process.env.CI) {
        console.log("In CI every test must run.");
        process.exitCode = 1;
      }
    }
    console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  }
}
