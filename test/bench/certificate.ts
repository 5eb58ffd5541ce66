import { execFile } from "node:child_process";
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Files of a certificate for 127.0.0.1. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
  /** The authority that signed it, for who is to trust it; as `ca.crt` alone in `trustFolder` too, as skopeo takes it. */
  readonly authority: string;
  readonly trustFolder: string;
}

/** A certificate of an authority made on the fly, both ECDSA P-256 and for a day. Needs openssl. */
export async function makeCertificate(directory: string): Promise<Certificate> {
  const at = (name: string) => join(directory, name);
  const trustFolder = at("trust");
  await mkdir(trustFolder, { recursive: true });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
  const openssl = (...args: string[]) => run("openssl", args);
  await openssl(
    "req",
    "-x509",
    ...key,
    "-subj",
    "/CN=bench",
    "-days",
    "1",
    "-keyout",
    at("ca.key"),
    "-out",
    at("ca.crt"),
  );
  await openssl("req", ...key, "-subj", "/CN=127.0.0.1", "-keyout", at("server.key"), "-out", at("server.csr"));
  await writeFile(at("server.ext"), "subjectAltName=IP:127.0.0.1\n");
  const signer = ["-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial"];
  await openssl(
    "x509",
    "-req",
    "-in",
    at("server.csr"),
    ...signer,
    "-days",
    "1",
    "-extfile",
    at("server.ext"),
    "-out",
    at("server.crt"),
  );
  await copyFile(at("ca.crt"), join(trustFolder, "ca.crt"));
  return { certificate: at("server.crt"), key: at("server.key"), authority: at("ca.crt"), trustFolder };
}
