import type { WantedPage } from "#shared/catalog/published.ts";
import { wantedPage } from "#shared/catalog/wanted-page.ts";

const PEM = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEjwU4Oin4xp+EKCUkxpZab9+vB0P5
UjByOAOO/QzvOVuzwX4YbxFYkVrtFxev4QxmmFn/U0rD9dG1Y0vOALjopQ==
-----END PUBLIC KEY-----
`;

/** The page that sync-catalog makes of two releases with labels, the first of them signed. */
export function syncedPage(): WantedPage {
  const labels = {
    "org.opencontainers.image.title": "Web front end of team A",
    "org.opencontainers.image.description": "Serves the pages of the shop, <script>alert(1)</script> & *all*.",
    "org.opencontainers.image.version": "1.4.0",
    "org.opencontainers.image.vendor": "Team A",
    "org.opencontainers.image.licenses": "Apache-2.0",
    "org.opencontainers.image.source": "https://github.com/example/web",
  };
  const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
  const platform = (os: string, architecture: string) => ({ os, architecture });
  const published = {
    uri: "public.ecr.aws/d3m0acct/synced",
    images: [
      {
        ...{ digest: digest("a"), tags: ["v1.4.0", "v1.4"], labels: { config: labels } },
        platforms: [platform("linux", "amd64"), platform("linux", "arm64")],
      },
      { digest: digest("b"), tags: ["v1.3.0"], platforms: [platform("windows", "amd64")] },
    ],
    signed: [digest("a")],
    keys: [{ name: "release", pem: PEM }],
  };
  return wantedPage({ texts: undefined, ruleDescription: undefined, published, present: {} }).page;
}
