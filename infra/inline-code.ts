import { createHash } from "node:crypto";
import { brotliCompressSync, constants } from "node:zlib";

/**
 * The files of a function, by their paths, as one CommonJS source: what CloudFormation makes of inline code is one file, index.js
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-lambda-function-code.html). When it is loaded it writes the files
 * below the folder for temporary files, which it makes the task root, and is their index.cjs from then on. Compressed with Brotli, since
 * nine functions must fit into a template of a million bytes. A file appears whole, since in the local account several containers share that folder.
 */
export function inlineCode(files: ReadonlyMap<string, Uint8Array>): string {
  const contents = [...files]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, bytes]): [string, string, BufferEncoding] => {
      const text = Buffer.from(bytes).toString("utf8");
      return Buffer.from(text).equals(bytes)
        ? [path, text, "utf8"]
        : [path, Buffer.from(bytes).toString("base64"), "base64"];
    });
  const text = Buffer.from(JSON.stringify(contents));
  const packed = brotliCompressSync(text, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 24 },
  });
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 16);
  return [
    `"use strict";`,
    `const fs=require("node:fs"),path=require("node:path"),root=path.join(require("node:os").tmpdir(),"ecr-autopilot-${hash}");`,
    `for(const[file,text,encoding]of JSON.parse(require("node:zlib").brotliDecompressSync(Buffer.from("${packed.toString("base64")}","base64")))){`,
    `const to=path.join(root,file),part=to+"."+process.pid;fs.mkdirSync(path.dirname(to),{recursive:true});fs.writeFileSync(part,text,encoding);fs.renameSync(part,to)}`,
    `process.env.LAMBDA_TASK_ROOT=root;`,
    `exports.handler=require(path.join(root,"index.cjs")).handler;`,
  ].join("\n");
}
