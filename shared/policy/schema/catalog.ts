import * as z from "zod";
import { checkRepositoryName } from "../repository-name.ts";
import { eachOnce } from "./each-once.ts";
import { strictObject } from "./strict-object.ts";

/** API model of ECR Public: RepositoryDescription, and RegistryDisplayName of PutRegistryCatalogData. */
const LONGEST_DESCRIPTION = 1_024;
const LONGEST_DISPLAY_NAME = 100;

const publicName = z.string().check(
  z.superRefine((name, context) => {
    const broken = checkRepositoryName(name, "public");
    if (broken === undefined) return;
    context.addIssue({ code: "custom", message: `${broken}; write the name in ECR Public, without the alias` });
  }),
);

const sourceAddress = z.string().check(
  z.superRefine((source, context) => {
    if (/^https?:\/\/[^/]/i.test(source) && URL.canParse(source)) return;
    context.addIssue({
      code: "custom",
      message: `is ${JSON.stringify(source)}, which is no http or https address; write for example https://github.com/example/api instead`,
    });
  }),
);

const logoPath = z.string().check(
  z.superRefine((path, context) => {
    const steps = path.split("/");
    if (/^[^\\]+\.png$/.test(path) && !path.startsWith("/") && !steps.includes("..") && !steps.includes("")) return;
    context.addIssue({
      code: "custom",
      message: `is ${JSON.stringify(path)}; write the path of a .png file from the policy's folder, with "/" between its parts and without "..", for example logos/api.png`,
    });
  }),
);

const page = strictObject(
  {
    repository: publicName.meta({
      description: "Name in ECR Public, without the alias.",
      examples: ["team-a-api"],
    }),
    description: z
      .string()
      .max(
        LONGEST_DESCRIPTION,
        `is longer than ${LONGEST_DESCRIPTION} characters, which is all that ECR Public takes; write a shorter one`,
      )
      .meta({
        description: 'Short plain text in the public gallery; "" clears it.',
        examples: ["HTTP API of team A"],
      })
      .exactOptional(),
    about: z
      .string()
      .meta({
        description:
          'What the image is, in Markdown; instead of it a file catalog/{repository}/about.md beside the policy. "" clears it.',
        examples: ["# Orders\n\nTakes orders over HTTP. See [its manual](docs/manual.md)."],
      })
      .exactOptional(),
    usage: z
      .string()
      .meta({
        description:
          'How the image is used, in Markdown; instead of it a file catalog/{repository}/usage.md. "" clears it; made from what is public when there is neither.',
        examples: ["docker run --publish 8080:8080 public.ecr.aws/team-a/team-a-api:v1.0.0"],
      })
      .exactOptional(),
    logo: logoPath
      .meta({
        description:
          "PNG of 60 to 2,048 pixels a side and at most 512,000 bytes, as a path beside the policy; instead of it a file catalog/{repository}/logo.png.",
        examples: ["logos/api.png"],
      })
      .exactOptional(),
    source: sourceAddress
      .meta({
        description:
          "Where relative links of about and usage lead: a repository, or a folder in it; the image's label org.opencontainers.image.source when it is not given.",
        examples: ["https://github.com/example/api"],
      })
      .exactOptional(),
  },
  {
    architectures:
      'unknown key "architectures"; remove it: the badges come from the platforms of the images that are public',
    operatingSystems:
      'unknown key "operatingSystems"; remove it: the badges come from the platforms of the images that are public',
  },
);

export const catalogSchema = strictObject({
  displayName: z
    .string()
    .min(1)
    .max(
      LONGEST_DISPLAY_NAME,
      `is longer than ${LONGEST_DISPLAY_NAME} characters, which is all that ECR Public takes; write a shorter one`,
    )
    .meta({
      description: "Name of the whole public registry in the gallery; shown for accounts that AWS has verified.",
      examples: ["Team A"],
    })
    .exactOptional(),
  repositories: z
    .array(page)
    .check(eachOnce("repository"))
    .default([])
    .meta({
      description: "Pages of public repositories; what is not given here comes from the labels of the images.",
      examples: [[{ repository: "team-a-api", description: "HTTP API of team A" }]],
    }),
});
