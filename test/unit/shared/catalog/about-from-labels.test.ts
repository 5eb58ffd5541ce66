import { describe, expect, it } from "vitest";
import { aboutFromLabels } from "#shared/catalog/about-from-labels.ts";
import { rendered } from "./rendered.ts";

describe("an about text from labels", () => {
  it("has all that they tell", () => {
    const about = aboutFromLabels({
      title: "Team A <API>",
      description: "Serves *everything*. See https://example.com.",
      vendor: "Example & Sons",
      version: "1.2.0",
      licenses: "Apache-2.0 OR MIT",
      documentation: "https://example.com/docs?a=1&b=2",
      source: "https://github.com/example/api",
    });

    expect(about).toBe(`## Team A \\<API\\>

Serves \\*everything\\*\\. See https\\:\\/\\/example\\.com\\.

- Version: 1\\.2\\.0
- Vendor: Example \\& Sons
- Licenses: Apache-2\\.0 OR MIT
- Documentation: <https://example.com/docs?a=1&b=2>
- Source: <https://github.com/example/api>

_Written by ecr-autopilot from what was published._`);
    expect(rendered(about ?? "")).toEqual({
      elements: ["a", "em", "h2", "li", "p", "ul"],
      texts: [
        "Team A <API>",
        "Serves *everything*. See https://example.com.",
        "Version: 1.2.0",
        "Vendor: Example & Sons",
        "Licenses: Apache-2.0 OR MIT",
        "Documentation: https://example.com/docs?a=1&b=2",
        "Source: https://github.com/example/api",
        "Written by ecr-autopilot from what was published.",
      ],
      links: ["https://example.com/docs?a=1&b=2", "https://github.com/example/api"],
    });
  });

  it("is as short as they are", () => {
    expect(aboutFromLabels({ version: "1.2.0" })).toBe(
      "- Version: 1\\.2\\.0\n\n_Written by ecr-autopilot from what was published._",
    );
  });

  it("is none where they say nothing", () => {
    expect(aboutFromLabels({})).toBeUndefined();
  });
});
