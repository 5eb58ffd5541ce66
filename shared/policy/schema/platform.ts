import * as z from "zod";
import { nearest } from "../nearest.ts";

/** Go's names, which the OCI specification asks for: https://github.com/opencontainers/image-spec/blob/main/image-index.md */
const SYSTEMS =
  "linux windows darwin freebsd netbsd openbsd dragonfly solaris illumos aix android ios js plan9 wasip1".split(" ");
const ARCHITECTURES = "amd64 arm64 arm 386 loong64 mips mipsle mips64 mips64le ppc64 ppc64le riscv64 s390x wasm".split(
  " ",
);

/** What others call architectures: uname, Debian, Docker's official images. */
const OTHER_ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  x64: "amd64",
  aarch64: "arm64",
  arm64v8: "arm64",
  armv8: "arm64",
  armhf: "arm/v7",
  armv7: "arm/v7",
  armv7l: "arm/v7",
  arm32v7: "arm/v7",
  armv6: "arm/v6",
  armv6l: "arm/v6",
  armel: "arm/v5",
  i386: "386",
  i686: "386",
  x86: "386",
  ppc64el: "ppc64le",
};
const OTHER_SYSTEMS: Readonly<Record<string, string>> = { macos: "darwin", osx: "darwin", win: "windows" };

/** An image's platform as the policy writes it: `linux/amd64`, `linux/arm/v7`. */
export const platform = z.string().check(
  z.superRefine((text, context) => {
    const [system = "", architecture = "", variant = "v1", ...more] = text.split("/");
    const known = SYSTEMS.includes(system) && ARCHITECTURES.includes(architecture);
    if (known && /^[a-z][a-z0-9.]*$/.test(variant) && more.length === 0) return;
    context.addIssue(`${JSON.stringify(text)} is no platform; write ${nearestPlatform(text)} instead`);
  }),
);

/** The platform that a mistyped one most likely means: linux, where no system is known in it. */
function nearestPlatform(text: string): string {
  const words = text.toLowerCase().replace(/[/\s]+$/, "");
  const [, first = "", rest = ""] = /^([a-z0-9]+)[/:_-](.+)$/.exec(words) ?? [];
  const system = known(first, SYSTEMS, OTHER_SYSTEMS);
  const found = (system === undefined ? [words, rest] : [rest])
    .map(nearestArchitecture)
    .find((one) => one !== undefined);
  return found === undefined ? "for example linux/amd64" : `${system ?? "linux"}/${found}`;
}

/** With its variant, where it has one. */
function nearestArchitecture(text: string): string | undefined {
  const [, name = "", variant] = /^(.*?)(?:\/v?([0-9]+))?$/.exec(text) ?? [];
  const found = known(name, ARCHITECTURES, OTHER_ARCHITECTURES);
  return found === undefined || found.includes("/") || variant === undefined ? found : `${found}/v${variant}`;
}

function known(word: string, names: readonly string[], others: Readonly<Record<string, string>>): string | undefined {
  if (names.includes(word)) return word;
  return Object.hasOwn(others, word) ? others[word] : nearest(word, names);
}
