import { readdirSync } from "node:fs";
import type { Reporter, TestCase, TestModule, Vitest } from "vitest/node";
import { permissionTable } from "./permissions.ts";

/** The folders whose tests run the functions: only all of them together show which permissions are used. */
const WITH_FUNCTIONS = ["test/journeys", "test/clients"];

/**
 * Ends a run with the permissions that the stack grants and nobody used, or the other way round, and one plain line,
 * `N passed, N failed, N skipped`; and says which tests did not run for want of a real client. In CI a skipped test fails the run: what
 * was not exercised is not proven.
 */
export default class ClosingLine implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests: TestCase[] = modules.flatMap((module) => [...module.children.allTests()]);
    const passed = tests.filter((test) => test.result().state === "passed").length;
    const skipped = tests.filter((test) => test.result().state === "skipped");
    const broken = modules.filter((module) => module.state() === "failed" && module.errors().length > 0).length;
    const failed = tests.length - passed - skipped.length + broken + errors.length;
    if (skipped.length > 0) {
      console.log(`\nNot exercised (install skopeo, the aws command line, chromium and docker-registry to run them):`);
      for (const test of skipped) console.log(`  ${test.module.relativeModuleId}: ${test.fullName}`);
      if (process.env.CI) {
        console.log("In CI every test must run.");
        process.exitCode = 1;
      }
    }
    this.tellPermissions(modules);
    console.log(`\n${passed} passed, ${failed} failed, ${skipped.length} skipped`);
  }

  private tellPermissions(modules: readonly TestModule[]): void {
    const assemblyDir = this.vitest?.getRootProject().getProvidedContext().assemblyDir;
    const ran = new Set(modules.map(({ relativeModuleId }) => relativeModuleId));
    const complete = WITH_FUNCTIONS.every((folder) =>
      readdirSync(folder).every((file) => !file.endsWith(".test.ts") || ran.has(`${folder}/${file}`)),
    );
    if (assemblyDir === undefined || !complete) return;
    const { lines, unexplained } = permissionTable(assemblyDir);
    console.log("\nPermissions of the functions, granted by the stack and used in this run:");
    for (const line of lines) console.log(line);
    console.log(
      unexplained === 0
        ? "  all granted are used or explained, all used are granted"
        : `  ${unexplained} to explain or mend`,
    );
    if (unexplained > 0) process.exitCode = 1;
  }
}
