import { createHash } from "node:crypto";
import type { DeleteObjectsCommand } from "@aws-sdk/client-s3";

const CHECKSUM = /^x-amz-(?:sdk-)?checksum-/;

/**
 * Has a removal carry Content-MD5, as S3 has always required, in place of the newer CRC32, which not every store knows.
 * The signature covers the SHA-256 of the body either way.
 */
export function withContentMd5(command: DeleteObjectsCommand): DeleteObjectsCommand {
  command.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (isRequest(request)) {
        const kept = Object.entries(request.headers).filter(([name]) => !CHECKSUM.test(name.toLowerCase()));
        const md5 = createHash("md5").update(request.body).digest("base64");
        request.headers = { ...Object.fromEntries(kept), "content-md5": md5 };
      }
      return next(args);
    },
    { name: "contentMd5", step: "build", priority: "low" },
  );
  return command;
}

interface TextRequest {
  headers: Record<string, string>;
  readonly body: string | Uint8Array;
}

function isRequest(request: unknown): request is TextRequest {
  if (typeof request !== "object" || request === null || !("headers" in request) || !("body" in request)) return false;
  return typeof request.body === "string" || request.body instanceof Uint8Array;
}
